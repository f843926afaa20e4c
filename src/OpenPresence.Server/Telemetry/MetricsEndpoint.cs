using System.Text;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Telemetry;

/// <summary>
/// <c>GET /metrics</c>. Who may: in development every program on this machine, with the setting <c>metricsToken</c> whoever has
/// that; in production nobody without it, because behind a proxy on the same machine everybody's requests come from here. It is
/// a token of its own: a scraper must not be able to move the clock.
/// </summary>
internal sealed class MetricsEndpoint(ServerOptions options, MetricStore metrics)
{
    public const string Path = "/metrics";

    /// <summary>Whether there is such a path here.</summary>
    public bool IsOpen => options.Profile == Profile.Development || options.MetricsToken is not null;

    /// <summary>Answers the path; nothing was measured before the first scrape, unless a token is set.</summary>
    public Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Get;
            return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "Only GET is known here.");
        }
        if (options.MetricsToken is { } token)
        {
            if (!LocalAccess.HasToken(http.Request, token))
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
                return RefuseAsync(
                    http,
                    StatusCodes.Status401Unauthorized,
                    "The setting metricsToken is wanted: Authorization: Bearer …"
                );
            }
        }
        else if (!IsFromHere(http))
        {
            return RefuseAsync(
                http,
                StatusCodes.Status403Forbidden,
                "Without a token metrics are for this machine alone, as localhost; the setting metricsToken opens them."
            );
        }
        metrics.Begin();
        var isOpenMetrics = WantsOpenMetrics(http.Request);
        var text = metrics.Collect(new PrometheusText(isOpenMetrics).Write);
        http.Response.ContentType = isOpenMetrics ? PrometheusText.OpenMetricsType : PrometheusText.PlainType;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
    }

    private static bool IsFromHere(HttpContext http) =>
        LocalAccess.IsFromLoopback(http.Request) && LocalAccess.IsThisMachine(http.Request.Host.Host);

    /// <summary>Prometheus names both and puts OpenMetrics first; a browser names neither.</summary>
    private static bool WantsOpenMetrics(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);

    private static Task RefuseAsync(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(sentence + "\n");
    }
}
