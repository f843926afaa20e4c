using System.Text.Json.Nodes;

namespace Busylight;

/// <summary>Where Graph posts to.</summary>
public static class Webhook
{
    /// <summary>Answers the handshake of a new subscription, and takes notifications.</summary>
    public static void MapBusylight(this IEndpointRouteBuilder app, PresenceWatcher watcher) =>
        app.MapPost(
            "/notifications",
            async (HttpRequest request, string? validationToken, CancellationToken cancel) =>
            {
                if (validationToken is not null)
                {
                    return Results.Text(validationToken);
                }
                var body = await JsonNode.ParseAsync(request.Body, cancellationToken: cancel);
                foreach (var notification in body?["value"]?.AsArray() ?? [])
                {
                    await watcher.TakeAsync(notification!, cancel);
                }
                return Results.Accepted();
            }
        );
}
