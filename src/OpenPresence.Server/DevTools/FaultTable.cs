using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.DevTools;

/// <summary>The faults of requests that are set. The pipeline asks it, by a hook, after a request is known to be allowed.</summary>
public sealed class FaultTable(TimeProvider time) : FaultList<FaultRule>("fault")
{
    /// <summary>What the first fault that meets the request does to it; null: none does.</summary>
    public RequestStep? Take(GraphCall call) =>
        IsAny && All.FirstOrDefault(rule => rule.Takes(call)) is { } rule
            ? (taken, goOn) => AnswerAsync(taken, rule, goOn)
            : null;

    /// <summary>Does to a request what the fault says; <paramref name="goOn"/> answers it as usual.</summary>
    private async Task AnswerAsync(GraphCall call, FaultRule rule, Func<Task> goOn)
    {
        var effect = rule.Effect;
        call.Http.Features.Set(new MetFault(rule.Id, IsCutOff: false));
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
            call.Http.Features.Set(new MetFault(rule.Id, IsCutOff: true));
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
        if (status == StatusCodes.Status429TooManyRequests && effect is { Code: null, Message: null })
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

/// <summary>The fault that met a request; a feature of the request, for the log.</summary>
/// <param name="FaultId">The fault.</param>
/// <param name="IsCutOff">It broke the connection.</param>
internal sealed record MetFault(string FaultId, bool IsCutOff);
