namespace OpenPresence.Bench.Board;

/// <summary>
/// <c>bench board</c>: what the node's memory and its writes cost. Sizes and starts are measured in processes
/// of their own; <c>--people</c> says how many there are.
/// </summary>
public static class BoardBench
{
    private static readonly int[] CallerCounts = [64, 512];

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        BenchOptions options,
        CancellationToken cancel
    )
    {
        using var temporary = new TemporaryDirectory();
        var results = new List<BenchResult>();
        results.AddRange(await SizeAsync(options.People, cancel));
        results.AddRange(await RestartAsync(options, temporary.Sub("restart"), cancel));
        results.Add(WheelBench.Run(options.Rounds));
        results.AddRange(SnapshotBench.Run(options.People, options.Rounds));
        foreach (var callers in CallerCounts)
        {
            var directory = temporary.Sub("node");
            results.AddRange(await NodeBench.RunAsync(callers, options.Rounds, directory, cancel));
        }
        return results;
    }

    /// <summary>Resident memory with everybody minus that with hardly anybody.</summary>
    private static async Task<IReadOnlyList<BenchResult>> SizeAsync(
        int people,
        CancellationToken cancel
    )
    {
        const int HardlyAnybody = 1_000;
        var few = await BoardProcess.StartAsync(cancel, "state", $"{HardlyAnybody}", $"{people}");
        var all = await BoardProcess.StartAsync(cancel, "state", $"{people}", $"{people}");
        return
        [
            PerPerson("bytes-per-person", "residentBytes"),
            PerPerson("bytes-per-person-collected", "residentCollectedBytes"),
            new BenchResult("full-collection", all["collectionMs"], "ms", null, null),
        ];

        BenchResult PerPerson(string name, string figure) =>
            new(name, (all[figure] - few[figure]) / (people - HardlyAnybody), "B", null, null);
    }

    private static async Task<IReadOnlyList<BenchResult>> RestartAsync(
        BenchOptions options,
        string directory,
        CancellationToken cancel
    )
    {
        await Load.Population.WriteAsync(directory, options.People, cancel);
        var starts = new List<IReadOnlyDictionary<string, double>>();
        for (var round = 0; round < options.Rounds; round++)
        {
            starts.Add(await BoardProcess.StartAsync(cancel, "open", directory));
        }
        return
        [
            Median("restart-1m", "readyMs", 1_000, "s"),
            Median("restart-1m-cpu", "cpuMs", 1_000, "CPU s"),
            Median("restart-1m-process", "processMs", 1_000, "s"),
            Median("restart-1m-resident", "residentBytes", 1 << 20, "MB"),
        ];

        BenchResult Median(string name, string figure, double per, string unit)
        {
            var sorted = starts.Select(s => s[figure]).Order().ToArray();
            return new(name, sorted[sorted.Length / 2] / per, unit, null, null);
        }
    }
}
