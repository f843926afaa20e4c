using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Graph.Routing;

/// <summary>
/// What happens to a request for Graph's surface, in this order; docs/walk.md follows one through.
/// A step that refuses ends the walk with an envelope. Nothing here awaits unless the token is new or
/// the slice waits for the journal, so a read runs through on the connection's own thread.
/// </summary>
public sealed class GraphPipeline(GraphServer server, RouteTree routes)
{
    /// <summary>Made once, so that a request does not pay for it.</summary>
    private GraphEntry? entry;

    /// <summary>Answers the request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isBeta">Whether the path began with <c>/beta</c>.</param>
    /// <param name="versionLength">Where the path goes on after the version.</param>
    /// <param name="known">Whose request it is, where that is known: inside of a batch. Null: its token says.</param>
    public Task InvokeAsync(HttpContext http, bool isBeta, int versionLength, Caller? known = null)
    {
        // 1. Name the request and set the headers that every answer carries.
        var call = new GraphCall(http, server, isBeta)
        {
            Cloud = Clouds.OfHost(http.Request.Host.Host, server.Options.Cloud),
            Entry = entry ??= InvokeAsync,
        };
        return server.Hooks.Around is { } around
            ? GoAround(around, call, versionLength, known)
            : Answer(call, versionLength, known);
    }

    // A closure of its own, so that no request pays for it where nothing goes around.
    private Task GoAround(RequestStep around, GraphCall call, int versionLength, Caller? known) =>
        around(call, () => Answer(call, versionLength, known));

    private Task Answer(GraphCall call, int versionLength, Caller? known)
    {
        var http = call.Http;
        ResponseFrame.Begin(call);
        try
        {
            // 2. Find the route.
            if (FindRoute(call, versionLength, out var match) is { } unrouted)
            {
                return ErrorEnvelope.WriteAsync(call, unrouted);
            }
            if (call.Route is null)
            {
                return Task.CompletedTask; // OPTIONS is answered
            }
            if (!call.Route.NeedsCaller)
            {
                return LetAnswer(call);
            }
            // 3. Learn who calls.
            if (known is not null)
            {
                return AfterAuthentication(call, match, new AuthResult(known, null));
            }
            var authentication = server.Authenticator.AuthenticateAsync(
                http.Request.Headers.Authorization,
                http.RequestAborted
            );
            return authentication.IsCompletedSuccessfully
                ? AfterAuthentication(call, match, authentication.Result)
                : AwaitAuthenticationAsync(call, match, authentication);
        }
        catch (Exception bug)
        {
            return FailAsync(call, bug);
        }
    }

    private async Task AwaitAuthenticationAsync(GraphCall call, RouteMatch match, ValueTask<AuthResult> authentication)
    {
        try
        {
            await AfterAuthentication(call, match, await authentication);
        }
        catch (Exception bug)
        {
            await FailAsync(call, bug);
        }
    }

    private Task AfterAuthentication(GraphCall call, RouteMatch match, AuthResult authentication)
    {
        if (authentication.Refusal is { } unknown)
        {
            return ErrorEnvelope.WriteAsync(call, AllowedHostsHint.AddTo(unknown, call.Http.Request));
        }
        call.Caller = authentication.Caller!;
        // 4. Check the permission, and whom the path names.
        if (SubjectCheck.Check(call, match) is { } forbidden)
        {
            if (!call.Route.JudgesBodyFirst || !IsOfPermission(forbidden))
            {
                return ErrorEnvelope.WriteAsync(call, forbidden);
            }
            call.Forbidden = forbidden; // said when the body is found to be right, and before anything is done
        }
        return server.Hooks.TakeOver?.Invoke(call) is { } step ? HandOver(step, call) : CountAndAnswer(call);
    }

    private static bool IsOfPermission(Refusal refusal) =>
        RefusalTable.For(refusal.Kind).Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;

    private Task HandOver(RequestStep step, GraphCall call) =>
        AwaitHandedOverAsync(call, step(call, () => CountAndAnswer(call)));

    private static async Task AwaitHandedOverAsync(GraphCall call, Task answer)
    {
        try
        {
            await answer;
        }
        catch (Exception bug)
        {
            await FailAsync(call, bug);
        }
    }

    private Task CountAndAnswer(GraphCall call)
    {
        // 5. Count the request.
        var wait = call.Route.IsCounted ? server.Throttle.Count(call.Caller.ApplicationId, call.Caller.TenantId) : 0;
        if (wait > 0)
        {
            return ErrorEnvelope.WriteAsync(call, new Refusal(RefusalKind.Throttled) { RetryAfterSeconds = wait });
        }
        // What was written on another node may have to arrive first; hardly anybody asks for it.
        return call.Http.Request.Headers.TryGetValue(AwaitedSequence.Header, out var preferences)
            ? AnswerWhenMet(call, AwaitedSequence.MeetAsync(call, preferences))
            : LetAnswer(call);
    }

    private static Task AnswerWhenMet(GraphCall call, ValueTask<Refusal?> met) =>
        met.IsCompletedSuccessfully && met.Result is null ? LetAnswer(call) : AwaitMetAsync(call, met);

    private static async Task AwaitMetAsync(GraphCall call, ValueTask<Refusal?> met)
    {
        try
        {
            await (await met is { } late ? ErrorEnvelope.WriteAsync(call, late) : LetAnswer(call));
        }
        catch (Exception bug)
        {
            await FailAsync(call, bug);
        }
    }

    private static Task LetAnswer(GraphCall call)
    {
        // 6. Let the slice answer.
        var answer = call.Route.Handle(call);
        if (!answer.IsCompletedSuccessfully)
        {
            return AwaitAnswerAsync(call, answer);
        }
        return answer.Result is { } refusal ? ErrorEnvelope.WriteAsync(call, refusal) : Task.CompletedTask;
    }

    private static async Task AwaitAnswerAsync(GraphCall call, ValueTask<Refusal?> answer)
    {
        try
        {
            if (await answer is { } refusal)
            {
                await ErrorEnvelope.WriteAsync(call, refusal);
            }
        }
        catch (Exception bug)
        {
            await FailAsync(call, bug);
        }
    }

    private Refusal? FindRoute(GraphCall call, int versionLength, out RouteMatch match)
    {
        var path = call.Http.Request.Path.Value!;
        match = routes.Match(path, versionLength);
        if (match.Routes is not { Length: > 0 })
        {
            if (ResponseFrame.IsPreflight(call.Http.Request))
            {
                ResponseFrame.AnswerOptions(call, ResponseFrame.AnyMethod);
                return null;
            }
            return new Refusal(RefusalKind.UnknownSegment, path[match.Unknown].TrimStart('/'));
        }
        var method = call.Http.Request.Method;
        if (HttpMethods.IsOptions(method))
        {
            ResponseFrame.AnswerOptions(call, match.Allow);
            return null;
        }
        if (match.ForMethod(method) is not { } route)
        {
            return new Refusal(RefusalKind.MethodNotAllowed) { Allow = match.Allow };
        }
        if (LacksLength(call.Http.Request))
        {
            return new Refusal(RefusalKind.LengthRequired);
        }
        if (!route.Offered.Has(call.Cloud))
        {
            // A cloud that does not offer an operation does not know its last segment.
            return new Refusal(
                RefusalKind.UnknownSegment,
                path.TrimEnd('/')[(path.TrimEnd('/').LastIndexOf('/') + 1)..]
            );
        }
        call.Route = route;
        if (server.Telemetry.IsOn)
        {
            RequestTelemetry.Name(call.Http, route);
        }
        call.InnerKeyRange = match.InnerKey;
        return null;
    }

    /// <summary>
    /// COMPAT(graph): the server in front of Graph wants to know where a body ends, even if there is none (R). HTTP/2
    /// says so by itself.
    /// </summary>
    private static bool LacksLength(HttpRequest request) =>
        request.ContentLength is null
        && (
            HttpMethods.IsPost(request.Method)
            || HttpMethods.IsPatch(request.Method)
            || HttpMethods.IsPut(request.Method)
        )
        && request.Headers.TransferEncoding.Count == 0
        && HttpProtocol.IsHttp11(request.Protocol);

    /// <summary>The only handler of exceptions: an outage is 503, a caller that left is nothing, the rest a bug.</summary>
    private static async Task FailAsync(GraphCall call, Exception exception)
    {
        if (call.Http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        if (call.Http.Response.HasStarted)
        {
            call.Server.Log.LogError(exception, "request {RequestId} failed late", call.RequestId);
            call.Http.Abort();
            return;
        }
        if (exception is JournalUnavailableException outage)
        {
            // The journal says once, in full, what is wrong with it; here every refused write would.
            call.Server.Log.LogWarning("request {RequestId} not durable: {Why}", call.RequestId, outage.Message);
            await ErrorEnvelope.WriteAsync(
                call,
                new Refusal(RefusalKind.ServiceUnavailable, "The change could not be stored.")
                {
                    RetryAfterSeconds = RefusalTable.OutageRetryAfterSeconds,
                }
            );
            return;
        }
        if (exception is BadHttpRequestException bad)
        {
            await ErrorEnvelope.WriteAsync(call, BodyReader.RefusalOf(bad));
            return;
        }
        call.Server.Log.LogError(exception, "request {RequestId} met a bug", call.RequestId);
        await ErrorEnvelope.WriteFailureAsync(
            call,
            StatusCodes.Status500InternalServerError,
            "InternalServerError",
            "The server met an unexpected condition. Its log has more under the request-id."
        );
    }
}
