using System.Globalization;
using Microsoft.Extensions.Primitives;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Reading on one node what was written on another: <c>Prefer: openpresence-after=A…; wait=2</c>. The request is
/// answered once this node has applied everything up to that sequence, or is refused when its time is over.
///
/// A writer's own node answers after it has applied the write, so whoever stays on a node never needs this.
/// Behind a balancer the next request may meet another node, which is a few milliseconds behind; a sequence says
/// exactly how far it must have come, and costs nothing where it is there already. The tempting alternative,
/// a balancer that binds a client to a node, ends with the node.
///
/// It is a preference as RFC 7240 has them, so servers that do not know it pass over it; so does this one when
/// it is strict.
/// </summary>
/// <param name="Sequence">What the answer must not be older than.</param>
/// <param name="Within">How long to wait for it.</param>
public readonly record struct AwaitedSequence(long Sequence, TimeSpan Within)
{
    /// <summary>The header that carries preferences, of others too.</summary>
    public const string Header = "Prefer";

    /// <summary>The name of ours.</summary>
    public const string Name = "openpresence-after";

    /// <summary>How long a request waits that does not say it.</summary>
    public static readonly TimeSpan WaitDefault = TimeSpan.FromSeconds(1);

    /// <summary>More than this counts as this: balancers and clients give up at some time, too.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    private const string WaitName = "wait";

    /// <summary>Ends with null once the node has come as far as the request wants, or the request wants nothing.</summary>
    public static ValueTask<Refusal?> MeetAsync(GraphCall call, StringValues preferences)
    {
        var refusal = Read(preferences, out var awaited);
        if (refusal is not null || awaited is null || call.Server.Options.Strict)
        {
            return new(call.Server.Options.Strict ? null : refusal);
        }
        call.Http.Response.Headers["Preference-Applied"] = Name;
        var position = State.Presences.Sequence.Position(awaited.Value.Sequence);
        return call.Server.Node.State.Position >= position ? default : new(awaited.Value.WaitAsync(call, position));
    }

    /// <summary>What the preferences ask for; null: nothing that is ours. A refusal when it cannot be read.</summary>
    public static Refusal? Read(StringValues preferences, out AwaitedSequence? awaited)
    {
        awaited = null;
        long? sequence = null;
        var within = WaitDefault;
        foreach (var line in preferences)
        {
            foreach (var part in (line ?? "").Split([',', ';'], StringSplitOptions.TrimEntries))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                var name = part.AsSpan(0, Math.Max(equals, 0)).TrimEnd();
                var value = part.AsSpan(equals + 1).Trim().Trim('"');
                if (name.Equals(Name, StringComparison.OrdinalIgnoreCase))
                {
                    if (!State.Presences.Sequence.TryParse(value, out var parsed))
                    {
                        return Unreadable;
                    }
                    sequence = parsed;
                }
                else if (
                    name.Equals(WaitName, StringComparison.OrdinalIgnoreCase)
                    && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                )
                {
                    within = TimeSpan.FromSeconds(Math.Min(seconds, (int)WaitMax.TotalSeconds));
                }
            }
        }
        awaited = sequence is { } after ? new AwaitedSequence(after, within) : null;
        return null;
    }

    private static Refusal Unreadable =>
        new(
            RefusalKind.BadRequest,
            $"The preference {Name} must be a sequence as {AnsweredSequence.Header} and sequenceNumber show it: "
                + "A and 16 hexadecimal digits."
        )
        {
            Target = Header,
        };

    private async Task<Refusal?> WaitAsync(GraphCall call, long position)
    {
        var node = call.Server.Node;
        using var patience = new CancellationTokenSource(Within, call.Server.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, call.Http.RequestAborted);
        try
        {
            if (await node.ReachAsync(position, either.Token))
            {
                return null;
            }
            return new Refusal(RefusalKind.ServiceUnavailable, "Too many requests wait for other nodes' writes.")
            {
                RetryAfterSeconds = RetryAfterSeconds,
            };
        }
        catch (OperationCanceledException) when (!call.Http.RequestAborted.IsCancellationRequested)
        {
            return new Refusal(
                RefusalKind.SequenceNotReached,
                State.Presences.Sequence.Text(Sequence),
                Within.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                State.Presences.Sequence.Text(State.Presences.Sequence.First(node.State.Position))
            )
            {
                RetryAfterSeconds = RetryAfterSeconds,
            };
        }
    }

    private const int RetryAfterSeconds = 1;
}
