using System.Collections.Immutable;
using OpenPresence.Server.Api;

namespace OpenPresence.Server.Control;

/// <summary>
/// The faults that are set. The pipeline asks it after a request is known to be allowed: while none is set, that is one
/// look at a null.
/// </summary>
public sealed class FaultTable(TimeProvider time)
{
    /// <summary>So many can be set at once.</summary>
    public const int FaultsMax = 100;

    private readonly Lock gate = new();
    private ImmutableArray<FaultRule>? rules;
    private int lastId;

    /// <summary>Whether any is set.</summary>
    public bool IsAny => rules is not null;

    /// <summary>Those that are set, in the order in which they are asked.</summary>
    public IReadOnlyList<FaultRule> All => rules ?? [];

    /// <summary>Sets one; null: as many are set as can be.</summary>
    public FaultRule? Add(FaultMatch match, FaultEffect effect)
    {
        lock (gate)
        {
            if (All.Count == FaultsMax)
            {
                return null;
            }
            var rule = new FaultRule($"fault-{++lastId}", match, effect);
            rules = [.. All, rule];
            return rule;
        }
    }

    /// <summary>Takes one away; false: there is none of that id.</summary>
    public bool Remove(string id)
    {
        lock (gate)
        {
            var left = All.Where(rule => rule.Id != id).ToImmutableArray();
            var isThere = left.Length < All.Count;
            rules = left.IsEmpty ? null : left;
            return isThere;
        }
    }

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        lock (gate)
        {
            rules = null;
        }
    }

    /// <summary>The first that meets the request; null: none does.</summary>
    public FaultRule? Take(GraphCall call) => All.FirstOrDefault(rule => rule.Takes(call));

    /// <summary>Does to a request what the fault says; <paramref name="goOn"/> answers it as usual.</summary>
    public async Task AnswerAsync(GraphCall call, FaultRule rule, Func<Task> goOn)
    {
        var effect = rule.Effect;
        call.FaultId = rule.Id;
        if (effect.Delay > TimeSpan.Zero)
        {
            await Task.Delay(effect.Delay, time, call.Http.RequestAborted);
        }
        if (effect.Drop)
        {
            if (effect.Afterwards)
            {
                await goOn();
            }
            call.IsCutOff = true;
            call.Http.Abort();
        }
        else if (effect.Malformed)
        {
            call.Http.Response.ContentType = ResponseFrame.JsonContentType;
            await call.Http.Response.WriteAsync("{\"@odata.context\":\"", call.Http.RequestAborted);
        }
        else if (effect.Status is { } status)
        {
            await WriteAsync(call, effect, status);
        }
        else
        {
            await goOn();
        }
    }

    private static Task WriteAsync(GraphCall call, FaultEffect effect, int status)
    {
        if (
            status == StatusCodes.Status429TooManyRequests
            && effect is { Code: null, Message: null }
        )
        {
            return ErrorEnvelope.WriteAsync(
                call,
                new Refusal(RefusalKind.Throttled) { RetryAfterSeconds = effect.RetryAfterSeconds }
            );
        }
        if (effect.RetryAfterSeconds is { } seconds)
        {
            call.Http.Response.Headers.RetryAfter = seconds.ToString();
        }
        if (status == StatusCodes.Status401Unauthorized)
        {
            call.Http.Response.Headers.WWWAuthenticate = call.Server.Challenge(call);
        }
        return ErrorEnvelope.WriteFailureAsync(
            call,
            status,
            effect.Code ?? CodeOf(status),
            effect.Message ?? "A fault of the control API."
        );
    }

    private static string CodeOf(int status) =>
        status switch
        {
            400 => "BadRequest",
            401 => "InvalidAuthenticationToken",
            403 => "Forbidden",
            404 => "Request_ResourceNotFound",
            409 => "Conflict",
            423 => "Locked",
            429 => "TooManyRequests",
            502 => "BadGateway",
            503 => "ServiceUnavailable",
            504 => "GatewayTimeout",
            < 500 => "BadRequest",
            _ => "InternalServerError",
        };
}
