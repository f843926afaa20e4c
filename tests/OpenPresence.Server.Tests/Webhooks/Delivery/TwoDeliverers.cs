using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Tests.Issuer;
using OpenPresence.Server.Tests.Journal;
using OpenPresence.Server.Tests.Replica;
using OpenPresence.Server.Webhooks;
using OpenPresence.Server.Webhooks.Delivery;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>
/// Two deliverers as two nodes have them that have applied the same entries: over one state here, each with duties that
/// a test gives and takes.
/// </summary>
internal sealed class TwoDeliverers : IAsyncDisposable
{
    public static readonly Guid Tenant = new("7e000000-0000-0000-0000-000000000001");
    public static readonly Guid Ada = new("aa000000-0000-0000-0000-000000000001");
    public static readonly Guid Bob = new("bb000000-0000-0000-0000-000000000002");
    private static readonly Guid App = new("a9000000-0000-0000-0000-000000000003");

    private readonly ReceiverClient[] clients;
    private int made;

    private TwoDeliverers(Node node, LateJournal journal, ManualClock clock)
    {
        (Node, Journal, Clock) = (node, journal, clock);
        var policy = ReceiverPolicy.Of(new ServerOptions());
        clients = [new ReceiverClient(policy, clock), new ReceiverClient(policy, clock)];
        First = new Deliverer(this, clients[0]);
        Second = new Deliverer(this, clients[1]);
    }

    public Node Node { get; }

    public LateJournal Journal { get; }

    public ManualClock Clock { get; }

    public Deliverer First { get; }

    public Deliverer Second { get; }

    public static async Task<TwoDeliverers> StartAsync()
    {
        var clock = new ManualClock(Person.Noon.ToDateTimeOffset());
        var nodeClock = new NodeClock(clock);
        var journal = new LateJournal(JournalSteps.Open(new MemoryDisk(), clock: clock, now: () => nodeClock.Now));
        var node = await Node.StartAsync(
            journal,
            nodeClock,
            new NodeSettings(),
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );
        await node.ExecuteAsync(new TenantUpserted(new Tenant(Tenant, "T", ["t.example"])));
        await node.ExecuteAsync(new PersonKnown(Ada, Tenant));
        await node.ExecuteAsync(new PersonKnown(Bob, Tenant));
        return new TwoDeliverers(node, journal, clock);
    }

    /// <summary>A subscription to people, with presence in it if there is a recipient.</summary>
    public async Task<Subscription> SubscribeAsync(
        Uri url,
        Func<Subscription, Subscription>? configure,
        params ImmutableArray<Guid> people
    )
    {
        var wanted = new Subscription
        {
            Id = new Guid(++made, 0, 0, [0x5b, 0, 0, 0, 0, 0, 0, 0]),
            TenantId = Tenant,
            ApplicationId = App,
            UserId = null,
            Resource = "communications/presences",
            People = people,
            NotificationUrl = url,
            ExpiresAt = Node.State.Clock.Now + TimeSpan.FromDays(2),
            AuthorizedUntil = Node.State.Clock.Now + TimeSpan.FromDays(2),
            DeliveredTo = 0,
        };
        wanted = configure?.Invoke(wanted) ?? wanted;
        var result = await Node.ExecuteAsync(new SubscriptionCreated(wanted, 1000, false));
        Assert.Equal(SubscriptionOutcome.Done, result.Subscription);
        return wanted;
    }

    public async Task SetAsync(Guid person, PresencePair pair) =>
        await Node.ExecuteAsync(person, new Engine.ReportDevice(App, pair, TimeSpan.FromDays(1)));

    /// <summary>How far the journal knows that a subscription was delivered.</summary>
    public long DeliveredTo(Subscription subscription) =>
        Node.State.Subscriptions.TryGet(subscription.Id, out var found) ? found.DeliveredTo : -1;

    public async ValueTask DisposeAsync()
    {
        await First.Dispatcher.DisposeAsync();
        await Second.Dispatcher.DisposeAsync();
        await Node.DisposeAsync();
        await Journal.DisposeAsync();
        Array.ForEach(clients, client => client.Dispose());
    }
}

/// <summary>One of the two.</summary>
internal sealed class Deliverer
{
    public Deliverer(TwoDeliverers both, ReceiverClient client) =>
        Dispatcher = Dispatcher.Start(
            both.Node,
            Duties,
            client,
            new ValidationTokens(SharedKeys.Open(both.Clock), Clouds.Of(Cloud.Global), version: 1, both.Clock),
            faults: null,
            payloads: null,
            both.Clock,
            NullLogger.Instance
        );

    public GivenDuties Duties { get; } = new();

    public Dispatcher Dispatcher { get; }

    /// <summary>Ends when all is done that can be, and no POST is under way.</summary>
    public Task SettledAsync() => Dispatcher.SettledAsync().WaitAsync(TestContext.Current.CancellationToken);
}

/// <summary>A journal whose other nodes may have appended more than this one knows: as much as a test says.</summary>
internal sealed class LateJournal(IJournal inner) : IJournal
{
    /// <summary>What the newest position is said to be; null: the truth.</summary>
    public Func<Task<long>>? Newest { get; set; }

    public long LastPosition => inner.LastPosition;

    public string? Fault => inner.Fault;

    public JournalLag Lag => inner.Lag;

    public ValueTask<long> FindLastPositionAsync(CancellationToken cancel) =>
        Newest is { } said ? new(said()) : inner.FindLastPositionAsync(cancel);

    public ValueTask<JournalSnapshot?> OpenSnapshotAsync(CancellationToken cancel) => inner.OpenSnapshotAsync(cancel);

    public IAsyncEnumerable<IReadOnlyList<Entry>> ReadAsync(long position, CancellationToken cancel) =>
        inner.ReadAsync(position, cancel);

    public ValueTask<Appended> AppendAsync(Guid commandId, ReadOnlyMemory<byte> payload, object? companion = null) =>
        inner.AppendAsync(commandId, payload, companion);

    public void Append(Guid commandId, ReadOnlyMemory<byte> payload, IAppender appender) =>
        inner.Append(commandId, payload, appender);

    public ValueTask WriteSnapshotAsync(
        long position,
        Instant at,
        Func<Stream, CancellationToken, ValueTask> write,
        CancellationToken cancel
    ) => inner.WriteSnapshotAsync(position, at, write, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
