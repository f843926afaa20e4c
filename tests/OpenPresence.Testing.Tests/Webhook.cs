using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenPresence.Testing.Tests;

/// <summary>A subscriber's end: answers the handshake, and remembers what comes.</summary>
internal sealed class Webhook : IAsyncDisposable
{
    private readonly WebApplication app;

    private Webhook(WebApplication app) => this.app = app;

    /// <summary>Answered to notifications.</summary>
    public int Status { get; set; } = StatusCodes.Status202Accepted;

    /// <summary>The notifications that came, in order.</summary>
    public ConcurrentQueue<JsonNode> Got { get; } = new();

    public static async Task<Webhook> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var webhook = new Webhook(builder.Build());
        webhook.app.Run(webhook.TakeAsync);
        await webhook.app.StartAsync(TestContext.Current.CancellationToken);
        return webhook;
    }

    public async Task SubscribeAsync(PresenceServer presence, PresencePerson person)
    {
        using var graph = presence.CreateClient("Presence.Read.All");
        using var answer = await graph.PostAsJsonAsync(
            "subscriptions",
            new
            {
                changeType = "updated",
                notificationUrl = app.Urls.First(),
                lifecycleNotificationUrl = app.Urls.First(),
                resource = $"/communications/presences/{person.Id}",
                expirationDateTime = presence.Clock.Now.AddMinutes(59),
            },
            TestContext.Current.CancellationToken
        );
        Assert.True(
            answer.IsSuccessStatusCode,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        if (http.Request.Query["validationToken"] is [{ } token])
        {
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync(token);
            return;
        }
        var body = await JsonNode.ParseAsync(http.Request.Body);
        foreach (var notification in body!["value"]!.AsArray())
        {
            Got.Enqueue(notification!);
        }
        http.Response.StatusCode = Status;
    }
}
