namespace OpenPresence.Bench.Journal;

/// <summary>
/// Durable appends by concurrent callers: the journal with a reader that follows, against a plain file that is
/// gathered, prepared and flushed in the same way, and one that grows, in turns A B C C B A. Then the ways to flush,
/// and a start over three million entries.
/// </summary>
public static class JournalBench
{
    private const int RoundsMin = 2;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(1);
    private static readonly int[] s_callers = [1, 64, 512];

    private static readonly (string Name, Func<string, IAppendTarget> Open)[] s_targets =
    [
        ("journal", directory => new JournalTarget(directory)),
        ("plain-file", directory => new PlainAppendFile(directory, PlainFlush.PreparedFdatasync)),
        ("plain-file-fsync", directory => new PlainAppendFile(directory, PlainFlush.Fsync)),
    ];

    /// <param name="appending">How long appends are measured, in all.</param>
    /// <param name="cancel">Ends it between two turns.</param>
    public static async Task<IReadOnlyList<BenchResult>> RunAsync(TimeSpan appending, CancellationToken cancel)
    {
        // Beside the program, not in the folder for temporary files: that one may be in memory.
        var directory = Path.Combine(AppContext.BaseDirectory, "journal-bench");
        var results = new List<BenchResult>();
        try
        {
            foreach (var callers in s_callers)
            {
                var time = appending / s_callers.Length;
                results.AddRange(await CompareAsync(directory, callers, time, cancel));
            }

            results.AddRange(FlushCandidates.Run(directory, cancel));
            results.Add(await RestartBench.RunAsync(directory, cancel));
            return results;
        }
        finally
        {
            Clear(directory);
        }
    }

    private static async Task<IReadOnlyList<BenchResult>> CompareAsync(
        string directory,
        int callers,
        TimeSpan time,
        CancellationToken cancel
    )
    {
        var rates = s_targets.Select(_ => new List<double>()).ToArray();
        var rounds = Math.Max(RoundsMin, (int)(time / (s_turn * s_targets.Length)));
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < s_targets.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var which = round % 2 == 0 ? i : s_targets.Length - 1 - i;
                Clear(directory);
                await using var target = s_targets[which].Open(directory);
                rates[which].Add(await Callers.RunAsync(target, callers, s_turn));
            }
        }

        return
        [
            .. rates.Select(
                (rate, i) => i == 0 ? Result(i, callers, rate, rates[1], 1) : Result(i, callers, rate, null, null)
            ),
            Result(0, callers, rates[0], rates[2], 2) with
            {
                Name = $"journal-{callers}-fsync",
            },
        ];
    }

    private static BenchResult Result(
        int target,
        int callers,
        List<double> rates,
        List<double>? peer,
        int? peerTarget
    ) =>
        new(
            $"{s_targets[target].Name}-{callers}",
            Median.Of(rates),
            "appends/s",
            peer is null ? null : Median.Of(rates.Zip(peer, (ours, theirs) => ours / theirs)),
            peerTarget is { } p ? $"{s_targets[p].Name}-{callers}" : null
        );

    private static void Clear(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
