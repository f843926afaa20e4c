using OpenPresence.Server.Api;
using OpenPresence.Server.Auth;

namespace OpenPresence.Server.Control;

/// <summary>Which requests a fault meets, and how often.</summary>
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

    /// <summary>So many matching requests go through first.</summary>
    public int Skip { get; init; }

    /// <summary>So many are met; null: without end.</summary>
    public int? Count { get; init; }

    /// <summary>The chance that one is met, above 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Where the chance begins, so that a run can be repeated.</summary>
    public int Seed { get; init; } = 1;
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

/// <summary>A fault that is set, with what it has met so far.</summary>
public sealed class FaultRule(string id, FaultMatch match, FaultEffect effect)
{
    private readonly Lock gate = new();
    private readonly Random chance = new(match.Seed);
    private int seen;
    private int met;

    public string Id => id;

    public FaultMatch Match => match;

    public FaultEffect Effect => effect;

    /// <summary>Requests that it matched.</summary>
    public int Seen => Volatile.Read(ref seen);

    /// <summary>Those of them that it met.</summary>
    public int Met => Volatile.Read(ref met);

    /// <summary>Whether this request is met; counts it.</summary>
    public bool Takes(GraphCall call)
    {
        if (!Matches(call))
        {
            return false;
        }
        lock (gate)
        {
            if (
                seen++ < match.Skip
                || met >= match.Count
                || chance.NextDouble() >= match.Probability
            )
            {
                return false;
            }
            met++;
            return true;
        }
    }

    private bool Matches(GraphCall call) =>
        (match.Operation is not { } operation || operation == call.Route.Operation)
        && (
            match.Method is not { } method
            || method.Equals(call.Http.Request.Method, StringComparison.OrdinalIgnoreCase)
        )
        && (match.ApplicationId is not { } application || application == call.Caller.ApplicationId)
        && (match.UserId is not { } user || user == call.Caller.UserId || user == call.SubjectId);
}
