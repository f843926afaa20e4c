using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.Connections;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.DevTools;
using OpenPresence.Server.Graph;
using OpenPresence.Server.History;
using OpenPresence.Server.Issuer;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Page;
using OpenPresence.Server.Photos;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Scim;
using OpenPresence.Server.Seed;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.Streaming;
using OpenPresence.Server.Telemetry;
using OpenPresence.Server.Tls;
using OpenPresence.Server.Webhooks;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.Hosting;

/// <summary>
/// The parts of a server that live as long as it does, opened in the order in which they need each other:
/// journal, node, seed, keys, callers, Graph's surface. Disposing closes them the other way round.
/// </summary>
public sealed class ServerParts : IAsyncDisposable
{
    private ServerMeters? meters;

    private ServerParts() { }

    public required ServerOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required IJournal Journal { get; init; }

    /// <summary>The database that several nodes share; null: this one is alone, with files.</summary>
    public required Database? Database { get; init; }

    public required Node Node { get; init; }

    /// <summary>The built-in issuer's keys; null: this server issues no tokens.</summary>
    public required SigningKeys? Keys { get; init; }

    /// <summary>What connections over TLS are authenticated with; null: there is no HTTPS port.</summary>
    public required ServerCertificate? Certificate { get; init; }

    /// <summary>The built-in issuer; null: this server issues no tokens.</summary>
    public required BuiltInIssuer? Issuer { get; init; }

    /// <summary>Calls the addresses that subscribers chose.</summary>
    public required ReceiverClient Receivers { get; init; }

    public required GraphServer Graph { get; init; }

    /// <summary>Sends notifications.</summary>
    public required Dispatcher Delivery { get; init; }

    /// <summary>Removes the pictures that nobody has any more; null: a named snapshot may bring one back.</summary>
    internal PhotoSweeps? PhotoSweeps { get; private init; }

    /// <summary>The keys that notifications, and the built-in issuer's tokens, are signed with.</summary>
    internal SigningKeys Signing { get; private init; } = null!;

    /// <summary>Shows the keys that notifications are signed with.</summary>
    internal KeyDocuments NotificationKeys { get; private init; } = null!;

    /// <summary>How the server leaves.</summary>
    public required Draining Draining { get; init; }

    /// <summary>What this node does for all nodes.</summary>
    internal IDuties Duties { get; private init; } = null!;

    /// <summary>This node as one of several; null: it is alone.</summary>
    internal Membership? Membership { get; private init; }

    /// <summary>Tells the open streams what changes.</summary>
    public required LiveFanOut Live { get; init; }

    /// <summary>What the control API sets and shows; null: there is none.</summary>
    internal TestTools? Tools { get; private init; }

    /// <summary>The control API's paths.</summary>
    public required ControlSurface Control { get; init; }

    /// <summary>The page's paths; null: there is no page.</summary>
    public required PageEndpoints? Page { get; init; }

    /// <summary>The stream's paths.</summary>
    public required LiveEndpoints LivePaths { get; init; }

    /// <summary>What was measured, for the scraper.</summary>
    internal MetricStore Metrics { get; private set; } = null!;

    /// <summary>Says whether the server can be sent requests.</summary>
    internal HealthEndpoints Health { get; private init; } = null!;

    /// <summary>Where identity providers fill the directory; null: the settings name none.</summary>
    public required ScimPipeline? Scim { get; init; }

    /// <summary>Opens everything under the data directory.</summary>
    /// <exception cref="JournalRefusedException">The operator has to look at the journal.</exception>
    public static async Task<ServerParts> OpenAsync(
        ServerOptions options,
        TimeProvider time,
        ILoggerFactory logs,
        StartProgress? progress,
        long strangeThrough,
        CancellationToken cancel
    )
    {
        var log = logs.CreateLogger("OpenPresence");
        var clock = new NodeClock(time);
        System.IO.Directory.CreateDirectory(options.DataDirectory);
        var certificate = options.HttpsPort < 0 ? null : ServerCertificate.Open(options, time, log);
        var (journal, database) = await Journals.OpenAsync(options, clock, time, logs, cancel);
        Membership? membership = null;
        try
        {
            var settings = new NodeSettings
            {
                Reading = (place, end) => progress?.Begin("reading the journal", place, end),
            };
            var node = await Node.StartAsync(journal, clock, settings, log, cancel);
            var photos = new PhotoFiles(
                Path.Combine(options.DataDirectory, DataFolders.Photos),
                database is null ? null : new PhotoTable(database)
            );
            await Seeding.TakeInAsync(node, database, photos, options, progress, cancel);
            photos.Sweep(() => node.State.Directory.PhotoNames());
            // Notifications are signed in every profile; callers are believed by these keys with the issuer only.
            var signing = OpenKeys(options, database, time, log);
            membership = database is null
                ? null
                : await Membership.JoinAsync(
                    database,
                    options,
                    node,
                    (PostgresJournal)journal,
                    signing,
                    time,
                    log,
                    cancel
                );
            IDuties duties = membership is null ? new AllDuties() : membership.Duties;
            await CrossWhatIsDueAsync(node, duties);
            node.StartTicking(time, duties);
            var keys = options.IssuesTokens ? signing : null;
            var authenticator = Callers.Authenticator(options, node.State, keys, time, log);
            var policy = ReceiverPolicy.Of(options);
            var receivers = new ReceiverClient(policy, time);
            var tools = TestTools.Of(options, time);
            var graph = new GraphServer
            {
                Options = options,
                Time = time,
                Node = node,
                Authenticator = authenticator,
                Throttle = new Throttle(options.ThrottleRequestsPer30Seconds, time),
                ReceiverPolicy = policy,
                Handshake = new Handshake(receivers),
                Photos = photos,
                Roots = new ServiceRoots(options.PublicUrl),
                Log = log,
                History =
                    options.HistoryEntries == 0
                        ? null
                        : new PresenceHistory(
                            node.State.Board,
                            options.HistoryEntries,
                            TimeSpan.FromDays(options.HistoryDays),
                            time,
                            log
                        ),
                Hooks = tools?.Hooks ?? new RequestHooks(),
            };
            var live = LiveFanOut.Of(node, time, options.LiveStreamsMax, log, strangeThrough);
            var livePaths = new LiveEndpoints(graph, live, new LiveTickets(signing, time));
            node.State.DirectoryChanged = authenticator.Observe;
            node.State.DirectoryChanged += livePaths.Observe;
            node.State.Replaced += authenticator.Flush;
            node.State.HistoryErased = (person, at, position) => graph.History?.Erase(person, at, position);
            node.State.Replaced += livePaths.EndStrangers;
            var delivery = Dispatcher.Start(
                node,
                duties,
                receivers,
                Tokens(options, signing, time),
                tools?.WebhookFaults,
                options.Profile == Profile.Development ? new DeliveryPayloads() : null,
                time,
                log
            );
            var draining = new Draining(options.DrainsFor, time);
            return new ServerParts
            {
                Options = options,
                Time = time,
                Journal = journal,
                Database = database,
                Node = node,
                Keys = keys,
                Certificate = certificate,
                Issuer = keys is null ? null : Callers.Issuer(options, node, keys, time, log),
                Graph = graph,
                Tools = tools,
                Draining = draining,
                Health = new HealthEndpoints(node, delivery, membership, draining),
                Live = live,
                LivePaths = livePaths,
                Page = PageSettings.Of(options) is { } page ? new PageEndpoints(page) : null,
                Control = Controls.Of(graph, tools, livePaths, delivery, keys),
                Receivers = receivers,
                Scim = ScimPipeline.Open(graph),
                Delivery = delivery,
                Duties = duties,
                Membership = membership,
                PhotoSweeps = options.HasControl
                    ? null
                    : new PhotoSweeps(photos, node.State.Directory.PhotoNames, () => duties.Ticks, time, log),
                Signing = signing,
                NotificationKeys = new KeyDocuments(
                    signing,
                    Clouds.Of(options.Cloud),
                    options.PublicUrl,
                    isAlone: keys is null
                ),
            };
        }
        catch
        {
            await (membership?.DisposeAsync() ?? ValueTask.CompletedTask);
            await journal.DisposeAsync();
            await (database?.DisposeAsync() ?? ValueTask.CompletedTask);
            certificate?.Dispose();
            throw;
        }
    }

    /// <summary>Begins to be measurable, once the host has made its own meters and sources.</summary>
    internal void Measure(IServiceProvider services)
    {
        var factory = services.GetService<IMeterFactory>();
        Metrics = new MetricStore(scope => scope == Node || (scope is not null && scope == factory));
        meters = new ServerMeters(Node.State, Journal, Duties, Live, Health, Node);
        Graph.Telemetry.Join(services.GetService<ActivitySource>(), () => Metrics.IsOn);
        if (Options.MetricsToken is not null)
        {
            Metrics.Begin();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Metrics?.Dispose();
        meters?.Dispose();
        await Live.DisposeAsync();
        await Delivery.DisposeAsync();
        // Once its positions are in the journal, others may go on from there.
        await Duties.DisposeAsync();
        if (Graph.History is { } history)
        {
            await history.DisposeAsync();
        }
        if (PhotoSweeps is not null)
        {
            await PhotoSweeps.DisposeAsync();
        }
        Graph.Handshake.Dispose();
        Receivers.Dispose();
        await Node.DisposeAsync();
        await Journal.DisposeAsync();
        await (Database?.DisposeAsync() ?? ValueTask.CompletedTask);
        Certificate?.Dispose();
        // A key that is being made is kept in a file that nobody should find half-made.
        await Signing.Making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ValidationTokens Tokens(ServerOptions options, SigningKeys signing, TimeProvider time) =>
        new(signing, Clouds.Of(options.Cloud), options.ValidationTokenVersion, time);

    /// <summary>The keys; where nodes share a database one of them makes them, and the others find them.</summary>
    private static SigningKeys OpenKeys(ServerOptions options, Database? database, TimeProvider time, ILogger log) =>
        SigningKeys.Open(
            options.KeysDirectory ?? Path.Combine(options.DataDirectory, DataFolders.Keys),
            time,
            log,
            database is null ? null : cancel => Alone.HoldAsync(database, AdvisoryLocks.Keys, cancel)
        );

    /// <summary>Nobody shall read of sessions that ended while the server was down.</summary>
    private static async Task CrossWhatIsDueAsync(Node node, IDuties duties)
    {
        try
        {
            if (duties.Ticks)
            {
                await node.TickIfDueAsync();
            }
        }
        catch (JournalUnavailableException)
        {
            // Reads go on without the journal, at the time of its last entry; /health/ready says so.
        }
    }
}
