using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.DevTools;

/// <summary>One request to Graph's surface that was answered, without token and without secrets.</summary>
public sealed record LoggedRequest
{
    public required long Number { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required TimeSpan Took { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required string Query { get; init; }

    /// <summary>The status; 0: the connection broke.</summary>
    public required int Status { get; init; }

    public required Operation? Operation { get; init; }
    public required Guid? TenantId { get; init; }
    public required Guid? ApplicationId { get; init; }

    /// <summary>The person who called; null: an application, or nobody who was known.</summary>
    public required Guid? CallerId { get; init; }

    /// <summary>The person whom the path names.</summary>
    public required Guid? UserId { get; init; }

    public required string RequestId { get; init; }
    public required string ClientRequestId { get; init; }

    /// <summary>The fault that met it; null: none.</summary>
    public required string? FaultId { get; init; }

    /// <summary>The body; null: none, too long, or of an operation whose bodies hold secrets.</summary>
    public required string? Body { get; init; }
}

/// <summary>
/// The last requests to Graph's surface, in memory, for assertions of tests and for the page. A ring of fixed size:
/// the oldest goes. Nothing of the <c>Authorization</c> header is looked at, and a body is kept only of operations
/// whose bodies say nothing but presence; a subscription's holds a <c>clientState</c>, which is a secret.
/// </summary>
public sealed partial class RequestLog(int kept, TimeProvider time)
{
    /// <summary>A longer body is not kept, in bytes.</summary>
    public const int BodyBytesMax = 4096;

    /// <summary>A longer path or query is cut, in characters.</summary>
    public const int TextCharsMax = 512;

    private readonly LoggedRequest?[] ring = new LoggedRequest?[kept];
    private long last;

    /// <summary>Told of each request once it is noted, on the thread that answered it; must not block.</summary>
    internal Action<LoggedRequest>? Noted { get; set; }

    /// <summary>Whether a body of this operation may be kept.</summary>
    public static bool KeepsBodyOf(Operation operation) =>
        operation
            is Operation.SetPresence
                or Operation.ClearPresence
                or Operation.SetUserPreferredPresence
                or Operation.ClearUserPreferredPresence
                or Operation.SetStatusMessage
                or Operation.SetManualLocation
                or Operation.SetAutomaticLocation
                or Operation.ReportDevice
                or Operation.GetPresencesByUserId;

    /// <summary>Notes a request once it is answered.</summary>
    public Task NoteAsync(GraphCall call, Func<Task> answer)
    {
        var begun = time.GetTimestamp();
        if (!HttpMethods.IsGet(call.Http.Request.Method))
        {
            call.Http.Features.Set(new SeenBody(BodyBytesMax));
        }
        var answered = answer();
        if (answered.IsCompleted)
        {
            Add(call, begun);
            return answered;
        }
        return AwaitAsync(call, begun, answered);
    }

    /// <summary>The requests after a number, oldest first.</summary>
    public IReadOnlyList<LoggedRequest> After(long number) =>
        [
            .. ring.Select((_, slot) => Volatile.Read(ref ring[slot]))
                .OfType<LoggedRequest>()
                .Where(request => request.Number > number)
                .OrderBy(request => request.Number),
        ];

    /// <summary>Forgets all of them; numbers go on.</summary>
    public void Clear() => Array.Clear(ring);

    private async Task AwaitAsync(GraphCall call, long begun, Task answered)
    {
        try
        {
            await answered;
        }
        finally
        {
            Add(call, begun);
        }
    }

    private void Add(GraphCall call, long begun)
    {
        var took = time.GetElapsedTime(begun);
        var (http, caller) = (call.Http, call.Caller);
        if (caller?.ApplicationId == PageApplication.Id)
        {
            return; // looks on, and is not what a test counts
        }
        var met = http.Features.Get<MetFault>();
        var number = Interlocked.Increment(ref last);
        var noted = new LoggedRequest
        {
            Number = number,
            StartedAt = time.GetUtcNow() - took,
            Took = took,
            Method = http.Request.Method,
            Path = Cut(http.Request.Path.Value ?? ""),
            Query = Cut(Secret().Replace(http.Request.QueryString.Value ?? "", "…")),
            Status =
                met is { IsCutOff: true } || http.RequestAborted.IsCancellationRequested ? 0 : http.Response.StatusCode,
            Operation = call.Route?.Operation,
            TenantId = caller?.TenantId,
            ApplicationId = caller?.ApplicationId,
            CallerId = caller?.UserId,
            UserId = call.SubjectId == Guid.Empty ? null : call.SubjectId,
            RequestId = call.RequestId,
            ClientRequestId = call.ClientRequestId,
            FaultId = met?.FaultId,
            Body = call.Route is { } route && KeepsBodyOf(route.Operation) ? BodyOf(http) : null,
        };
        Volatile.Write(ref ring[number % ring.Length], noted);
        Noted?.Invoke(noted);
    }

    private static string? BodyOf(HttpContext http) =>
        http.Features.Get<SeenBody>() is { Bytes: { } bytes } ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private static string Cut(string text) => text.Length <= TextCharsMax ? text : text[..TextCharsMax] + "…";

    [System.Text.RegularExpressions.GeneratedRegex(
        "(?<=[?&](?:access_token|token|ticket|client_secret|code|assertion)=)[^&]+",
        System.Text.RegularExpressions.RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial System.Text.RegularExpressions.Regex Secret();
}
