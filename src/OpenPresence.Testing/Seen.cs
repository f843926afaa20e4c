using System.Text.Json;
using OpenPresence.Server.DevTools;
using OpenPresence.Server.Webhooks;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Testing;

/// <summary>A request to Graph's surface that was answered. It holds no token.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with the version.</param>
/// <param name="Query">The query with its question mark; empty: there was none.</param>
/// <param name="Status">The status; 0: the connection broke.</param>
/// <param name="Operation">The operation as Graph names it; null: the path was none.</param>
/// <param name="ApplicationId">Who called; null: nobody who was known.</param>
/// <param name="CallerId">The person who called; null: an application for itself.</param>
/// <param name="PersonId">Whom the path names; null: no person.</param>
/// <param name="Body">The body of operations that say nothing but presence, up to 4 KB; null: none.</param>
public sealed record SeenRequest(
    string Method,
    string Path,
    string Query,
    int Status,
    string? Operation,
    string? ApplicationId,
    string? CallerId,
    string? PersonId,
    string? Body
)
{
    /// <summary>As it is listed where something is missing.</summary>
    public override string ToString() => $"{Method} {Path}{Query} → {Status}";

    internal static SeenRequest Of(LoggedRequest request) =>
        new(
            request.Method,
            request.Path,
            request.Query,
            request.Status,
            request.Operation is { } operation ? JsonNamingPolicy.CamelCase.ConvertName(operation.ToString()) : null,
            request.ApplicationId?.ToString(),
            request.CallerId?.ToString(),
            request.UserId?.ToString(),
            request.Body
        );
}

/// <summary>An attempt to send notifications to a webhook.</summary>
/// <param name="SubscriptionId">For which subscription.</param>
/// <param name="Url">Where to.</param>
/// <param name="Status">The status of the answer; 0: there was none.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="PersonIds">Whom it told of, the first eight; empty: of the subscription's own life.</param>
/// <param name="IsFaulty">Whether a <see cref="NotificationFault"/> met it.</param>
public sealed record SeenDelivery(
    string SubscriptionId,
    Uri Url,
    int Status,
    int Attempt,
    IReadOnlyList<string> PersonIds,
    bool IsFaulty
)
{
    /// <summary>Whether the receiver took it.</summary>
    public bool IsAccepted => Status is >= 200 and <= 299;

    /// <summary>As it is listed where something is missing.</summary>
    public override string ToString() => $"{Url} for {SubscriptionId}, attempt {Attempt} → {Status}";

    internal static SeenDelivery Of(Guid subscriptionId, DeliveryAttempt attempt) =>
        new(
            subscriptionId.ToString(),
            attempt.Url,
            attempt.Fault == ReceiverFault.None ? attempt.Status : 0,
            attempt.Attempt,
            [.. attempt.People.Select(id => id.ToString())],
            attempt.FaultId is not null
        );
}

/// <summary>
/// What was seen so far, oldest first, and what is still to come. A request is seen when it was answered, which may be a moment
/// after its client has the answer: <see cref="WaitForAsync"/> is the safe way to ask.
/// </summary>
/// <typeparam name="T">What is seen.</typeparam>
public sealed class SeenLog<T>
    where T : class
{
    /// <summary>So many are remembered; then the oldest goes.</summary>
    public const int SeenMax = 10_000;

    private const int ListedMax = 20;

    private readonly string what;
    private readonly TimeSpan waitLimit;
    private readonly Lock gate = new();
    private readonly Queue<T> seen = [];
    private TaskCompletionSource more = NewSignal();

    internal SeenLog(string what, TimeSpan waitLimit) => (this.what, this.waitLimit) = (what, waitLimit);

    /// <summary>What was seen since the start or the last <see cref="Clear"/>, oldest first.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (gate)
            {
                return [.. seen];
            }
        }
    }

    /// <summary>Forgets everything seen so far.</summary>
    public void Clear()
    {
        lock (gate)
        {
            seen.Clear();
        }
    }

    /// <summary>Waits until something was seen that matches, since the start or the last <see cref="Clear"/>.</summary>
    /// <param name="match">What is looked for.</param>
    /// <param name="times">The how many-th of them comes back; 1 for the first.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="TimeoutException">
    /// It did not come within <see cref="PresenceServerOptions.WaitLimit"/>; says what came.
    /// </exception>
    public async Task<T> WaitForAsync(Func<T, bool> match, int times = 1, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        using var limit = new CancellationTokenSource(waitLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (seen.Where(match).ElementAtOrDefault(times - 1) is { } found)
                {
                    return found;
                }
                next = more.Task;
            }
            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
            {
                throw new TimeoutException(Missing(), late);
            }
        }
    }

    internal void Add(T item)
    {
        TaskCompletionSource waited;
        lock (gate)
        {
            if (seen.Count == SeenMax)
            {
                seen.Dequeue();
            }
            seen.Enqueue(item);
            (waited, more) = (more, NewSignal());
        }
        waited.SetResult();
    }

    private string Missing()
    {
        var last = All.TakeLast(ListedMax).Select(item => $"\n  {item}").ToArray();
        return $"No such {what} within {waitLimit}; "
            + (last.Length == 0 ? "none was seen." : $"the last that were seen:{string.Concat(last)}");
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
