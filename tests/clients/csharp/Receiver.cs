using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;
using Channel = System.Threading.Channels.Channel;
using WebApplication = Microsoft.AspNetCore.Builder.WebApplication;

namespace OpenPresence.Clients;

/// <summary>A web server that confirms its address and keeps what comes, as the SDK reads it.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<ChangeNotificationCollection> _received =
        Channel.CreateUnbounded<ChangeNotificationCollection>();
    private readonly WebApplication _server;

    private Receiver(WebApplication server) => _server = server;

    public string Url => $"{_server.Urls.Single()}/presence";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._server.MapPost("/presence", receiver.TakeAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    public async Task<ChangeNotificationCollection> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _received.Reader.ReadAsync(patience.Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        if (request.Query["validationToken"].FirstOrDefault() is { } token)
        {
            return Results.Text(token);
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        body.Position = 0;
        var collection = await KiotaJsonSerializer.DeserializeAsync<ChangeNotificationCollection>(body);
        await _received.Writer.WriteAsync(collection!);
        return Results.Accepted();
    }
}
