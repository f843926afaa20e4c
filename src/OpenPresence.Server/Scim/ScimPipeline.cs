using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Scim;

/// <summary>
/// What happens to a request under <c>/scim/v2</c>: who calls, which route, then the slice. A step that refuses ends
/// it with an error of SCIM's own shape. The surface exists only when the settings name an identity provider.
/// </summary>
public sealed class ScimPipeline
{
    /// <summary>Where the surface begins.</summary>
    public const string Root = "/scim/v2";

    private readonly GraphServer server;
    private readonly ScimDoor door;

    private ScimPipeline(ProvisioningTokens tokens, GraphServer server) =>
        (this.server, door) = (server, new ScimDoor(tokens, server));

    /// <summary>The surface; null: the settings name nobody who may use it.</summary>
    /// <exception cref="StartRefusedException">A token cannot be read.</exception>
    public static ScimPipeline? Open(GraphServer server)
    {
        var options = server.Options.Provisioning;
        foreach (var tenant in options.Clients.Select(client => client.Tenant).Distinct())
        {
            if (!server.Directory.TryGetTenant(tenant, out _))
            {
                server.Log.LogWarning(
                    "provisioning: there is no tenant {Tenant}; nobody can be added to it. Seed it.",
                    tenant
                );
            }
        }
        return options.Clients.Count == 0 ? null : new ScimPipeline(ProvisioningTokens.Open(options), server);
    }

    /// <summary>Answers a request under the root; false: it is not for here.</summary>
    public bool TryAnswer(HttpContext http, out Task answer)
    {
        var path = http.Request.Path.Value!;
        var isOurs =
            path.StartsWith(Root, StringComparison.OrdinalIgnoreCase)
            && (path.Length == Root.Length || path[Root.Length] == '/');
        answer = isOurs ? AnswerAsync(http, path[Root.Length..]) : Task.CompletedTask;
        return isOurs;
    }

    private async Task AnswerAsync(HttpContext http, string path)
    {
        var requestId = RequestId.Next().ToString();
        http.Response.Headers["request-id"] = requestId;
        http.Response.Headers.CacheControl = "no-store";
        if (server.SendsStrictTransportSecurity && http.Request.IsHttps)
        {
            http.Response.Headers.StrictTransportSecurity = "max-age=31536000";
        }
        try
        {
            if (await HandleAsync(http, path) is { } fault)
            {
                await ScimAnswer.WriteAsync(http, fault);
            }
        }
        catch (Exception failure)
        {
            await FailAsync(http, requestId, failure);
        }
    }

    private async ValueTask<ScimFault?> HandleAsync(HttpContext http, string path)
    {
        var (client, refused) = door.Admit(http);
        if (client is null && !IsPublic(http, path))
        {
            return refused;
        }
        if (ScimRoutes.Find(http.Request.Method, path, out var id, out var unrouted) is not { } route)
        {
            return unrouted;
        }
        // A provider names at once what it has just made, and would make it again where it is not known yet.
        await server.Node.CatchUpWithinAsync(CatchingUp.RequestMax, server.Time, http.RequestAborted);
        var call = new ScimCall(http, server, client ?? new ScimClient(Guid.Empty, false));
        return await route.Handle(call, id);
    }

    /// <summary>
    /// How to sign in is told before that (RFC 7643, 5), but a wrong token is wrong there as well: providers test
    /// theirs with this very request.
    /// </summary>
    private static bool IsPublic(HttpContext http, string path) =>
        http.Request.Headers.Authorization.Count == 0
        && path.TrimEnd('/').Equals("/ServiceProviderConfig", StringComparison.OrdinalIgnoreCase);

    private async Task FailAsync(HttpContext http, string requestId, Exception failure)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        if (http.Response.HasStarted)
        {
            server.Log.LogError(failure, "request {RequestId} failed late", requestId);
            http.Abort();
            return;
        }
        await ScimAnswer.WriteAsync(http, FaultOf(requestId, failure));
    }

    private ScimFault FaultOf(string requestId, Exception failure)
    {
        switch (failure)
        {
            case JournalUnavailableException:
                server.Log.LogWarning("request {RequestId} not durable: {Why}", requestId, failure.Message);
                return new ScimFault(StatusCodes.Status503ServiceUnavailable, null, "The change could not be stored.")
                {
                    RetryAfterSeconds = RefusalTable.OutageRetryAfterSeconds,
                };
            case BadHttpRequestException bad:
                return ScimCall.FaultOf(BodyReader.RefusalOf(bad));
            default:
                server.Log.LogError(failure, "request {RequestId} met a bug", requestId);
                return new ScimFault(
                    StatusCodes.Status500InternalServerError,
                    null,
                    "The server met an unexpected condition. Its log has more under the request-id."
                );
        }
    }
}
