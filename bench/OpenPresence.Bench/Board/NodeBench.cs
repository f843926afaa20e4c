using System.Globalization;
using OpenPresence.Bench.Journal;

namespace OpenPresence.Bench.Board;

/// <summary>
/// Durable writes through a node, and plain files that are flushed in the same two ways, in turns (A B C C B
/// A), medians: how much of what the disk gives reaches who sets a presence.
/// </summary>
internal static class NodeBench
{
    private static readonly TimeSpan PerCell = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        int callers,
        int rounds,
        string directory,
        CancellationToken cancel
    )
    {
        Func<string, ValueTask<IAppendTarget>>[] targets =
        [
            NodeTarget.OpenAsync,
            path => ValueTask.FromResult<IAppendTarget>(new PlainAppendFile(path, PlainFlush.Fsync)),
            path =>
                ValueTask.FromResult<IAppendTarget>(
                    new PlainAppendFile(path, PlainFlush.PreparedFdatasync)
                ),
        ];
        var rates = targets.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds * 2; round++)
        {
            for (var i = 0; i < targets.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var which = round % 2 == 0 ? i : targets.Length - 1 - i;
                rates[which].Add(await MeasureAsync(targets[which], directory, callers));
            }
        }
        var name = string.Create(CultureInfo.InvariantCulture, $"node-{callers}");
        return
        [
            Result(name, 1, "plain file with fsync"),
            Result(name + "-prepared", 2, "plain prepared file with fdatasync"),
        ];

        BenchResult Result(string of, int peer, string peerName) =>
            new(
                of,
                Median(rates[0]),
                "writes/s",
                Median(rates[0].Zip(rates[peer], (ours, theirs) => ours / theirs)),
                peerName
            );
    }

    private static async Task<double> MeasureAsync(
        Func<string, ValueTask<IAppendTarget>> open,
        string directory,
        int callers
    )
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
        await using var target = await open(directory);
        return await Callers.RunAsync(target, callers, PerCell);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
