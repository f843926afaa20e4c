using System.Globalization;

namespace OpenPresence.Bench.Journal;

/// <summary>
/// <c>OpenPresence.Bench journal [--seconds N]</c>: durable appends by concurrent callers, the journal and plain
/// files in turns (A B C C B A), medians.
/// </summary>
public static class JournalBench
{
    private const int RoundsMin = 2;
    private static readonly TimeSpan s_perCell = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        TimeSpan total,
        CancellationToken cancel
    )
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "journal-bench");
        var results = new List<BenchResult>();
        int[] callers = [1, 64, 512];
        foreach (var count in callers)
        {
            results.AddRange(await CompareAsync(directory, count, total / callers.Length, cancel));
        }

        Clear(directory);
        results.Add(await RestartBench.RunAsync(directory, cancel));
        Clear(directory);
        return results;
    }

    private static async Task<IReadOnlyList<BenchResult>> CompareAsync(
        string directory,
        int callers,
        TimeSpan total,
        CancellationToken cancel
    )
    {
        Func<string, IAppendTarget>[] targets =
        [
            path => new JournalTarget(path),
            path => new PlainAppendFile(path, PlainFlush.Fsync),
            path => new PlainAppendFile(path, PlainFlush.PreparedFdatasync),
        ];
        string[] names = ["journal", "plain-fsync", "plain-prepared-fdatasync"];
        var rates = targets.Select(_ => new List<double>()).ToArray();
        var rounds = Math.Max(RoundsMin, (int)(total / (s_perCell * targets.Length)));
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < targets.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var which = round % 2 == 0 ? i : targets.Length - 1 - i;
                rates[which].Add(await MeasureAsync(targets[which], directory, callers));
            }
        }

        return
        [
            .. names.Select(
                (name, i) =>
                    new BenchResult(
                        string.Create(CultureInfo.InvariantCulture, $"{name}-{callers}"),
                        Median(rates[i]),
                        "appends/s",
                        i == 0 ? null : Median(rates[0].Zip(rates[i], (a, b) => a / b)),
                        i == 0 ? null : $"{names[0]}-{callers} / this"
                    )
            ),
        ];
    }

    private static async Task<double> MeasureAsync(
        Func<string, IAppendTarget> open,
        string directory,
        int callers
    )
    {
        Clear(directory);
        await using var target = open(directory);
        return await Callers.RunAsync(target, callers, s_perCell);
    }

    private static void Clear(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
