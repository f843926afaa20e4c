using OpenPresence.Server.Board;

namespace OpenPresence.Server.Telemetry;

/// <summary>
/// For whoever watches the process. Live: the process answers. Ready: it can be sent requests; while the
/// journal cannot be written, reads still go on, but a balancer should prefer another node.
/// </summary>
public static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapGet("/health/live", http => AnswerAsync(http, null));
        routes.MapGet("/health/ready", http => AnswerAsync(http, node.Fault));
    }

    private static Task AnswerAsync(HttpContext http, string? fault)
    {
        http.Response.StatusCode = fault is null
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(fault is null ? "ok\n" : fault + "\n");
    }
}
