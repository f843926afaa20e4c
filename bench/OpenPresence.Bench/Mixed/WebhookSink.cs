using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OpenPresence.Bench.Mixed;

/// <summary>Takes handshakes and notifications, and counts the latter.</summary>
public sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private long notifications;

    private WebhookSink(WebApplication app) => this.app = app;

    public Uri Address => new(new Uri(app.Urls.First()), "/hook");

    public long Notifications => Interlocked.Read(ref notifications);

    public static async Task<WebhookSink> StartAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var sink = new WebhookSink(builder.Build());
        sink.app.Run(sink.TakeAsync);
        await sink.app.StartAsync(cancel);
        return sink;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        if (http.Request.Query["validationToken"] is [{ } token])
        {
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync(token, http.RequestAborted);
            return;
        }
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var count = body.RootElement.GetProperty("value").GetArrayLength();
        Interlocked.Add(ref notifications, count);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
