using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OpenPresence.Testing;

namespace Busylight.Tests;

/// <summary>The application on a port of its own, against a presence server that the test owns; for Mara, who signed in.</summary>
internal sealed class BusylightUnderTest : IAsyncDisposable, ILamp
{
    public const string ClientState = "a secret of the test";

    private readonly WebApplication app;
    private readonly HttpClient graph;

    private BusylightUnderTest(PresenceServer presence, PresencePerson mara, WebApplication app)
    {
        (Presence, Mara, this.app) = (presence, mara, app);
        graph = new HttpClient(
            new GraphHandler(
                _ => presence.TokenAsync(mara, "Presence.Read", "Presence.Read.All", "User.Read"),
                presence.CreateHandler()
            )
        )
        {
            BaseAddress = presence.GraphUrl,
        };
    }

    public PresenceServer Presence { get; }

    public PresencePerson Mara { get; }

    /// <summary>What the lamp shows.</summary>
    public Light Light { get; private set; }

    public Uri Url => new(app.Urls.First());

    public static async Task<BusylightUnderTest> StartAsync()
    {
        var presence = await PresenceServer.StartAsync(cancel: TestContext.Current.CancellationToken);
        var mara = await presence.AddPersonAsync("Mara Lindqvist");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var started = new BusylightUnderTest(presence, mara, builder.Build());
        await started.StartWatchingAsync();
        return started;
    }

    public void Show(Light light) => Light = light;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        graph.Dispose();
        await Presence.DisposeAsync();
    }

    private async Task StartWatchingAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        var watcher = new PresenceWatcher(graph, this, ClientState, Presence.Clock.TimeProvider);
        app.MapBusylight(watcher);
        await app.StartAsync(cancel);
        await watcher.StartAsync(Url, cancel);
    }
}
