using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.Tests.State.Machine;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>A node over a database, without a server around it.</summary>
internal sealed class LoneNode : IAsyncDisposable
{
    private readonly Database database;
    private readonly PostgresJournal journal;
    private readonly Node node;

    private LoneNode(Database database, PostgresJournal journal, Node node) =>
        (this.database, this.journal, this.node) = (database, journal, node);

    public long Position => node.State.Position;

    /// <summary>As the others would know it.</summary>
    public Guid Id => journal.Node;

    /// <summary>Where the hashes of its state go.</summary>
    public Func<StateHash, CancellationToken, Task>? HashTold
    {
        get => node.HashTold;
        set => node.HashTold = value;
    }

    public Database Database => database;

    public static async Task<LoneNode> StartAsync(string connection)
    {
        var opened = await Database.OpenAsync(
            connection,
            passwordFile: null,
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );
        var shared = await PostgresJournal.OpenAsync(
            opened,
            new PostgresJournalOptions(),
            () => default,
            TimeProvider.System,
            NullLogger<PostgresJournal>.Instance,
            TestContext.Current.CancellationToken
        );
        var started = await Node.StartAsync(
            shared,
            new NodeClock(TimeProvider.System),
            new NodeSettings(),
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );
        return new LoneNode(opened, shared, started);
    }

    public async Task FillAsync(int entries, int snapshotAt)
    {
        foreach (var (number, entry) in RandomEntries.Of(seed: 1).Take(entries).Index())
        {
            await node.AppendAsync(entry.Payload);
            if (number + 1 == snapshotAt)
            {
                await node.SnapshotAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    public ValueTask<EntryResult> AppendAsync() => node.AppendAsync(EntryPayload.Tick);

    public async Task<string> HashAsync()
    {
        await node.SnapshotAsync(TestContext.Current.CancellationToken); // no cut is under way then
        using var cut = node.Between(state => state.TakeCut());
        return StateHash.Of(cut, TestContext.Current.CancellationToken).Text;
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await journal.DisposeAsync();
        await database.DisposeAsync();
    }
}
