using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OpenPresence.Server.Tests.Webhooks;

/// <summary>
/// A subscriber's end of webhooks on a loopback port: answers handshakes and takes notifications, as it should or
/// as a test has it. Whatever comes is remembered in order, and can be waited for.
/// </summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedRequest> all = new();
    private readonly Channel<ReceivedRequest> notifications = Channel.CreateUnbounded<ReceivedRequest>();

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>How handshakes are answered; as Graph wants it, unless a test says otherwise.</summary>
    public RequestDelegate Handshake { get; set; } = Echo;

    /// <summary>How notifications are answered: 202 at once, unless a test says otherwise.</summary>
    public RequestDelegate Notification { get; set; } = Answer(HttpStatusCode.Accepted);

    /// <summary>Every request so far, handshakes too, in order.</summary>
    public IReadOnlyList<ReceivedRequest> All => [.. all];

    /// <summary>The port, for one that is reborn.</summary>
    public int Port => Url().Port;

    /// <summary>Starts to listen; on a free port, or again on one that another one had.</summary>
    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1)
            );
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(receiver.TakeAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Its address, with a path and query.</summary>
    public Uri Url(string pathAndQuery = "/hook") => new(new Uri(app.Urls.First()), pathAndQuery);

    /// <summary>The next notification, in the order in which they came; waits for it.</summary>
    public ValueTask<ReceivedRequest> NextAsync() =>
        notifications.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>A handshake as it should be: 200, the plain token.</summary>
    public static Task Echo(HttpContext http) =>
        Answer(HttpStatusCode.OK, http.Request.Query["validationToken"]!)(http);

    /// <summary>Always the same answer.</summary>
    public static RequestDelegate Answer(HttpStatusCode status, string body = "", string contentType = "text/plain") =>
        http =>
        {
            http.Response.StatusCode = (int)status;
            http.Response.ContentType = contentType;
            return http.Response.WriteAsync(body, http.RequestAborted);
        };

    /// <summary>No answer until whoever called hangs up.</summary>
    public static async Task Never(HttpContext http) =>
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await app.StopAsync(atOnce.Token); // who is still answered is cut off
        await app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var request = new ReceivedRequest(
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            ),
            body.ToArray()
        );
        all.Enqueue(request);
        if (http.Request.Query.ContainsKey("validationToken"))
        {
            await Handshake(http);
            return;
        }
        await notifications.Writer.WriteAsync(request);
        await Notification(http);
    }
}

/// <summary>What a receiver got.</summary>
/// <param name="Method">The method.</param>
/// <param name="PathAndQuery">As it was sent.</param>
/// <param name="Headers">By name, in any letter case.</param>
/// <param name="Body">The bytes.</param>
public sealed record ReceivedRequest(
    string Method,
    string PathAndQuery,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}
