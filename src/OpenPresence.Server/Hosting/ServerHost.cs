using System.Diagnostics;
using OpenPresence.Server.Connections;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Page;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Hosting;

/// <summary>
/// One running server, put together in the order in which its parts need each other, and taken down the
/// other way. Several can run in one process: nothing in here is static.
/// </summary>
public sealed class ServerHost : IAsyncDisposable
{
    /// <summary>Requests that are not done by then are cut off.</summary>
    public static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly WebApplication app;
    private readonly ServerParts parts;

    private ServerHost(WebApplication app, ServerParts parts, TimeSpan startedIn)
    {
        (this.app, this.parts, StartedIn) = (app, parts, startedIn);
        Addresses = new Addresses(app.Urls);
    }

    /// <summary>Where it listens.</summary>
    public Addresses Addresses { get; }

    /// <summary>The node behind it.</summary>
    public Node Node => parts.Node;

    /// <summary>The built-in issuer's keys; null: this server issues no tokens.</summary>
    public Keys.SigningKeys? SigningKeys => parts.Keys;

    /// <summary>Sends notifications.</summary>
    public Webhooks.Delivery.Dispatcher Delivery => parts.Delivery;

    /// <summary>The file that clients must trust; null: there is no HTTPS port, or the certificate was given.</summary>
    internal string? AuthorityFile => parts.Certificate?.AuthorityFile;

    /// <summary>What a new user is told.</summary>
    public string Hints => StartPage.Text(Options, Addresses, parts.Certificate?.AuthorityFile);

    /// <summary>Says in the log where it listens, for those who read no hints.</summary>
    public void LogReady() =>
        parts.Graph.Log.LogInformation("OpenPresence is ready at {Addresses}.", string.Join(", ", app.Urls));

    /// <summary>What the slices may use.</summary>
    internal GraphServer Graph => parts.Graph;

    /// <summary>What the control API sets and shows; null: there is none.</summary>
    internal DevTools.TestTools? Tools => parts.Tools;

    /// <summary>Tells the open streams what changes.</summary>
    internal Streaming.LiveFanOut Live => parts.Live;

    /// <summary>Where connections come in.</summary>
    internal Doors Doors => parts.Draining.Doors;

    /// <summary>The settings it runs with.</summary>
    public ServerOptions Options => parts.Options;

    /// <summary>From the call of <see cref="StartAsync"/> until requests are answered.</summary>
    public TimeSpan StartedIn { get; }

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="time">The system's clock.</param>
    /// <param name="logging">Where its log goes.</param>
    /// <param name="cancel">Gives the start up.</param>
    /// <param name="heedsSignals">
    /// Whether the signals that end a process end the server. Not where it is a guest in a process, whose Ctrl+C would then do
    /// nothing else.
    /// </param>
    /// <param name="progress">Told of what takes long; null: no caller waits.</param>
    /// <param name="strangeThrough">
    /// How far this process had come with entries some of which are gone since; what it told of up to there means nothing now.
    /// </param>
    /// <exception cref="JournalRefusedException">The operator has to look at the data directory.</exception>
    /// <exception cref="IOException">A port is taken, or a file cannot be read or written.</exception>
    public static async Task<ServerHost> StartAsync(
        ServerOptions options,
        TimeProvider time,
        Action<ILoggingBuilder> logging,
        CancellationToken cancel,
        bool heedsSignals = true,
        StartProgress? progress = null,
        long strangeThrough = 0
    )
    {
        var begun = Stopwatch.GetTimestamp();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var logs = LoggerFactory.Create(log =>
        {
            logging(log);
            log.WithoutTokens();
        });
        var opened = await ServerParts.OpenAsync(options, time, logs, progress, strangeThrough, cancel);
        builder.Services.AddSingleton(logs);
        if (heedsSignals)
        {
            builder.Services.AddSingleton<IHostLifetime>(services => new SignalLifetime(
                opened.Draining,
                opened.Live.Stop,
                services.GetRequiredService<IHostApplicationLifetime>(),
                opened.Graph.Log
            ));
        }
        else
        {
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        }
        Listeners.Configure(builder, options, opened.Certificate, opened.Draining.Doors);
        var web = builder.Build();
        try
        {
            opened.Measure(web.Services);
            Surface.Map(web, opened);
            await WarmUp.RunAsync(opened.Graph);
            await web.StartAsync(cancel);
            web.Lifetime.ApplicationStopping.Register(opened.Live.Stop);
            var host = new ServerHost(web, opened, Stopwatch.GetElapsedTime(begun));
            host.StopWithTheNode();
            return host;
        }
        catch
        {
            await opened.DisposeAsync();
            await web.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when a signal came, or the node could go on no longer; then throws why.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        await app.WaitForShutdownAsync(cancel);
        if (Node.Stopped.IsFaulted)
        {
            await Node.Stopped;
        }
    }

    /// <summary>Does what a signal would before it stops the server: says so, and waits for those who are in.</summary>
    public Task DrainAsync(CancellationToken cancel) => parts.Draining.RunAsync(parts.Live.Stop, cancel);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(StopWithin))
        {
            // Open streams are told that they end, and requests may end as they would have.
            await app.StopAsync(patience.Token);
        }
        await app.DisposeAsync();
        await parts.DisposeAsync();
    }

    /// <summary>Ends when it is told to, and by nothing else.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private void StopWithTheNode() =>
        _ = Node.Stopped.ContinueWith(
            _ => app.Lifetime.StopApplication(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
}
