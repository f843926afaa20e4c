using Microsoft.AspNetCore.HttpOverrides;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.Issuer.Endpoints;
using OpenPresence.Server.OpenApi;
using OpenPresence.Server.Page;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Telemetry;

namespace OpenPresence.Server.Hosting;

/// <summary>
/// The order in which a request meets the parts. Graph's surface comes first, because its reads are what this
/// server is for. The framework's own routing is not used: each part knows its few paths, and a server
/// without it starts sooner.
/// </summary>
public static class Surface
{
    public static void Map(WebApplication app, ServerParts parts)
    {
        // 1. What a trusted proxy says of the caller counts as if the caller had said it.
        if (!parts.Options.TrustedProxies.IsEmpty)
        {
            app.UseForwardedHeaders(TrustedProxies.Of(parts.Options));
        }
        // 2. Graph: /v1.0 and /beta.
        var graph = new GraphPipeline(parts.Graph, GraphRoutes.Tree);
        app.Use(next =>
            http =>
            {
                parts.Draining.Mark(http);
                return GraphPath.Handle(http, graph, next);
            }
        );
        // 3. The live stream, the control API, the page, provisioning, the built-in issuer, health.
        var issuer = parts.Issuer is { } known ? new IssuerEndpoints(known) : null;
        var metrics = new MetricsEndpoint(parts.Options, parts.Metrics);
        app.Run(http => AnswerRest(http, parts, issuer, metrics));
    }

    private static Task AnswerRest(
        HttpContext http,
        ServerParts parts,
        IssuerEndpoints? issuer,
        MetricsEndpoint metrics
    )
    {
        if (
            parts.LivePaths.TryAnswer(http, out var answer)
            || parts.Control.TryAnswer(http, out answer)
            || (parts.Page is not null && parts.Page.TryAnswer(http, out answer))
            || (parts.Scim is not null && parts.Scim.TryAnswer(http, out answer))
            || parts.NotificationKeys.TryAnswer(http, out answer)
            || (issuer is not null && issuer.TryAnswer(http, out answer))
        )
        {
            return answer;
        }
        return http.Request.Path.Value switch
        {
            MetricsEndpoint.Path when metrics.IsOpen => metrics.AnswerAsync(http),
            "/health/live" => HealthEndpoints.AnswerLiveAsync(http),
            "/health/ready" => parts.Health.AnswerReadyAsync(http),
            OpenApiDocument.Path => OpenApiDocument.AnswerAsync(http),
            "/" => StartPage.AnswerAsync(http, parts.Options, parts.Graph.Roots, parts.Certificate?.AuthorityFile),
            // Whatever is left is most often a client whose base URL lacks the version.
            _ => GraphPath.AnswerUnknown(http, parts.Graph),
        };
    }
}

/// <summary>Tells Graph's paths from the others.</summary>
public static class GraphPath
{
    private const string V1 = "/v1.0";
    private const string Beta = "/beta";

    /// <summary>Answers a request under a version, and passes on the others.</summary>
    public static Task Handle(HttpContext http, GraphPipeline graph, RequestDelegate next)
    {
        var path = http.Request.Path.Value.AsSpan();
        return IsUnder(path, V1) ? graph.InvokeAsync(http, isBeta: false, V1.Length)
            : IsUnder(path, Beta) ? graph.InvokeAsync(http, isBeta: true, Beta.Length)
            : next(http);
    }

    /// <summary>Answers a path that no part of the server knows.</summary>
    public static Task AnswerUnknown(HttpContext http, GraphServer server)
    {
        var call = new GraphCall(http, server, isBeta: false) { Cloud = server.Options.Cloud };
        ResponseFrame.Begin(call);
        var first = http.Request.Path.Value!.TrimStart('/').Split('/')[0];
        return ErrorEnvelope.WriteAsync(
            call,
            new Refusal(RefusalKind.InvalidVersion, first.Length <= 50 ? first : first[..50] + "…")
        );
    }

    private static bool IsUnder(ReadOnlySpan<char> path, string version) =>
        path.StartsWith(version, StringComparison.OrdinalIgnoreCase)
        && (path.Length == version.Length || path[version.Length] == '/');
}

/// <summary>The framework's own reading of X-Forwarded-*, for named proxies only.</summary>
public static class TrustedProxies
{
    public static ForwardedHeadersOptions Of(ServerOptions options)
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = ProxiesMax,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var text in options.TrustedProxies)
        {
            if (System.Net.IPNetwork.TryParse(text, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
            else
            {
                forwarded.KnownProxies.Add(System.Net.IPAddress.Parse(text));
            }
        }
        return forwarded;
    }

    /// <summary>The longest chain of proxies that is followed.</summary>
    public const int ProxiesMax = 4;
}
