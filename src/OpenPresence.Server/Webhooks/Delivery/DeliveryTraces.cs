using System.Diagnostics;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// A span for each POST to a webhook, for the listeners of the source; without a listener none is made. It names the
/// receiver's host and never the rest of its address, which may hold a secret. No trace is passed on to the receiver.
/// </summary>
internal static class DeliveryTraces
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "OpenPresence.Delivery";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of a POST; null: there is no listener.</summary>
    public static Activity? Begin(Uri url, Guid requestId, int notifications)
    {
        if (!Source.HasListeners())
        {
            return null;
        }
        var span = Source.StartActivity("POST", ActivityKind.Client);
        span?.SetTag("http.request.method", "POST");
        span?.SetTag("server.address", url.Host);
        span?.SetTag("server.port", url.Port);
        span?.SetTag("messaging.batch.message_count", notifications);
        span?.SetTag("openpresence.client_request_id", requestId.ToString());
        return span;
    }

    /// <summary>Says what became of it.</summary>
    public static void End(this Activity span, in ReceiverAnswer answer)
    {
        if (answer.Status > 0)
        {
            span.SetTag("http.response.status_code", answer.Status);
        }
        if (!answer.IsSuccess)
        {
            span.SetTag("error.type", answer.Status > 0 ? $"{answer.Status}" : $"{answer.Fault}");
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
