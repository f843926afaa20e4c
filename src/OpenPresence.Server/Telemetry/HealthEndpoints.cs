using OpenPresence.Server.Cluster;
using OpenPresence.Server.Connections;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.Telemetry;

/// <summary>
/// For the operator's probes. Live: the process answers. Ready: it can be sent requests; while the
/// journal cannot be written, reads still go on, but a balancer should prefer another node.
/// </summary>
internal sealed class HealthEndpoints(Node node, Dispatcher delivery, Membership? membership, Draining draining)
{
    /// <summary>Answers <c>/health/live</c>.</summary>
    public static Task AnswerLiveAsync(HttpContext http) => AnswerAsync(http, null);

    /// <summary>Answers <c>/health/ready</c>: 503 with a sentence while something is wrong.</summary>
    public Task AnswerReadyAsync(HttpContext http) => AnswerAsync(http, Fault, membership?.Report());

    /// <summary>Null while all is well; otherwise a sentence.</summary>
    public string? Fault => draining.IsOn ? Draining.Sentence : node.Fault ?? delivery.Fault;

    private static Task AnswerAsync(HttpContext http, string? fault, string? report = null)
    {
        http.Response.StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync($"{fault ?? "ok"}\n{report}");
    }
}
