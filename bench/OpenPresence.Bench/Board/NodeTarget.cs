using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Bench.Journal;
using OpenPresence.Server.Board;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Board;

/// <summary>The whole way of a write without HTTP: command, journal, disk, board, answer.</summary>
internal sealed class NodeTarget : IAppendTarget
{
    private const int People = 100_000;

    private readonly LocalJournal journal;
    private readonly Node node;
    private readonly Guid[] people = [.. Enumerable.Range(0, People).Select(BenchIds.Person)];

    private NodeTarget(LocalJournal journal, Node node) =>
        (this.journal, this.node) = (journal, node);

    public static async ValueTask<IAppendTarget> OpenAsync(string directory)
    {
        var clock = new NodeClock(TimeProvider.System);
        var opened = BoardProcess.Open(directory, clock);
        var started = await Node.StartAsync(
            opened,
            clock,
            new NodeSettings { SnapshotAtStopEntries = long.MaxValue },
            NullLogger.Instance,
            CancellationToken.None
        );
        await started.AppendAsync(BoardEntries.TenantPayload);
        var underWay = new List<Task>();
        for (var i = 0; i < People; i++)
        {
            underWay.Add(started.AppendAsync(BoardEntries.KnownPayload(i)).AsTask());
            if (underWay.Count == 8_192)
            {
                await Task.WhenAll(underWay);
                underWay.Clear();
            }
        }
        await Task.WhenAll(underWay);
        return new NodeTarget(opened, started);
    }

    public async ValueTask<Appended> AppendAsync(Guid id, byte[] payload)
    {
        var number = (int)((uint)id.GetHashCode() % People);
        await node.ExecuteAsync(people[number], BoardEntries.SessionOf(number, id.Variant));
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await journal.DisposeAsync();
    }
}
