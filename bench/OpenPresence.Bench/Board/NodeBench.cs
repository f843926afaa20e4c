using System.Globalization;
using OpenPresence.Bench.Journal;

namespace OpenPresence.Bench.Board;

/// <summary>
/// Durable writes through a node, and plain files that are flushed in the same two ways, in turns (A B C C B
/// A), medians: how much of what the disk gives reaches who sets a presence.
/// </summary>
internal static class NodeBench
{
    private static readonly int[] CallerCounts = [64, 512];

    /// <summary>Each of them fills six directories for every number of callers.</summary>
    private const int RoundsMax = 3;

    private static readonly TimeSpan PerCell = TimeSpan.FromSeconds(1);

    /// <summary>Until the runtime has compiled the whole way for good.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var temporary = new TemporaryDirectory();
        var results = new List<BenchResult>();
        foreach (var callers in CallerCounts)
        {
            var directory = temporary.Sub("node");
            results.AddRange(await RunAsync(callers, Math.Min(options.Rounds, RoundsMax), directory, cancel));
        }
        return results;
    }

    private static async Task<IReadOnlyList<BenchResult>> RunAsync(
        int callers,
        int rounds,
        string directory,
        CancellationToken cancel
    )
    {
        Func<TimeSpan, Task<double>>[] cells =
        [
            duration => NodeAsync(directory, callers, duration),
            duration => PlainAsync(directory, PlainFlush.Fsync, callers, duration),
            duration => PlainAsync(directory, PlainFlush.PreparedFdatasync, callers, duration),
        ];
        foreach (var cell in cells)
        {
            await cell(WarmUp);
        }
        var rates = cells.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var which in new[] { 0, 1, 2, 2, 1, 0 })
            {
                cancel.ThrowIfCancellationRequested();
                rates[which].Add(await cells[which](PerCell));
            }
        }
        var name = string.Create(CultureInfo.InvariantCulture, $"node-{callers}");
        return
        [
            Result(name, 1, "a plain file with fsync"),
            Result(name + "-prepared", 2, "a plain prepared file with fdatasync"),
        ];

        BenchResult Result(string of, int peer, string peerName) =>
            new(
                of,
                Median.Of(rates[0]),
                "writes/s",
                Median.Of(rates[0].Zip(rates[peer], (ours, theirs) => ours / theirs)),
                peerName
            );
    }

    private static async Task<double> NodeAsync(string directory, int callers, TimeSpan duration)
    {
        Clear(directory);
        await using var target = await NodeTarget.OpenAsync(directory);
        return await target.RunAsync(callers, duration);
    }

    private static async Task<double> PlainAsync(string directory, PlainFlush flush, int callers, TimeSpan duration)
    {
        Clear(directory);
        await using var target = new PlainAppendFile(directory, flush);
        return await Callers.RunAsync(target, callers, duration);
    }

    private static void Clear(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
