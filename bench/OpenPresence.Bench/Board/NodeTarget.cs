using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Bench.Board;

/// <summary>The whole way of a write without HTTP: command, journal, disk, board, answer.</summary>
internal sealed class NodeTarget : IAsyncDisposable
{
    private const int People = 100_000;
    private const int UnderWayMax = 8_192;

    private readonly LocalJournal journal;
    private readonly Node node;
    private readonly Guid[] people = [.. Enumerable.Range(0, People).Select(BenchIds.Person)];

    private NodeTarget(LocalJournal journal, Node node) => (this.journal, this.node) = (journal, node);

    public static async Task<NodeTarget> OpenAsync(string directory)
    {
        var clock = new NodeClock(TimeProvider.System);
        var opened = Open(directory, clock);
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
            if (underWay.Count == UnderWayMax)
            {
                await Task.WhenAll(underWay);
                underWay.Clear();
            }
        }
        await Task.WhenAll(underWay);
        return new NodeTarget(opened, started);
    }

    /// <summary>Writes per second of callers that have one write under way at any time.</summary>
    public async Task<double> RunAsync(int callers, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(
            Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller, clock, duration)))
        );
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private async Task<long> CallAsync(int caller, Stopwatch clock, TimeSpan duration)
    {
        var random = new Random(caller);
        var count = 0L;
        while (clock.Elapsed < duration)
        {
            var number = random.Next(People);
            await node.ExecuteAsync(people[number], BoardEntries.SessionOf(number, random.Next(4)));
            count++;
        }
        return count;
    }

    private static LocalJournal Open(string directory, NodeClock clock) =>
        LocalJournal.Open(
            new LocalJournalOptions { Directory = directory },
            () => clock.Now,
            TimeProvider.System,
            NullLogger<LocalJournal>.Instance
        );

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await journal.DisposeAsync();
    }
}
