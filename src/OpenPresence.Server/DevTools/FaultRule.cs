using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.DevTools;

/// <summary>Which requests a fault meets.</summary>
public sealed record FaultMatch
{
    /// <summary>The operation, as Graph names it; null: any.</summary>
    public Operation? Operation { get; init; }

    /// <summary>The HTTP method; null: any.</summary>
    public string? Method { get; init; }

    /// <summary>The calling application; null: any.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The person who calls, or whom the path names; null: any.</summary>
    public Guid? UserId { get; init; }
}

/// <summary>What a fault does. A delay comes first; then at most one of the others.</summary>
public sealed record FaultEffect
{
    /// <summary>How long the request waits.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status of the answer, in Graph's envelope; null: another effect.</summary>
    public int? Status { get; init; }

    /// <summary><c>error.code</c>; null: what is usual for the status.</summary>
    public string? Code { get; init; }

    /// <summary><c>error.message</c>; null: a sentence that says who did it.</summary>
    public string? Message { get; init; }

    /// <summary>The <c>Retry-After</c> header, in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The connection breaks instead of an answer.</summary>
    public bool Drop { get; init; }

    /// <summary>With <see cref="Drop"/>: after the request was carried out.</summary>
    public bool Afterwards { get; init; }

    /// <summary>200 with a body that ends in the middle of its JSON.</summary>
    public bool Malformed { get; init; }
}

/// <summary>A fault of requests that is set.</summary>
public sealed class FaultRule(string id, FaultMatch match, FaultOdds odds, FaultEffect effect) : CountedFault(id, odds)
{
    public FaultMatch Match => match;

    public FaultEffect Effect => effect;

    /// <summary>Whether this request is met; counts it.</summary>
    public bool Takes(GraphCall call) => Matches(call) && Meets();

    private bool Matches(GraphCall call) =>
        (match.Operation is not { } operation || operation == call.Route.Operation)
        && (
            match.Method is not { } method
            || method.Equals(call.Http.Request.Method, StringComparison.OrdinalIgnoreCase)
        )
        // The page looks on; only who names it meets it.
        && (match.ApplicationId ?? call.Caller.ApplicationId) == call.Caller.ApplicationId
        && (match.ApplicationId is not null || call.Caller.ApplicationId != PageApplication.Id)
        && (match.UserId is not { } user || user == call.Caller.UserId || user == call.SubjectId);
}
