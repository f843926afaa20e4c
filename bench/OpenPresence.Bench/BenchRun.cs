using System.Diagnostics;
using System.Text.Json;
using OpenPresence.Bench.Board;
using OpenPresence.Bench.Curves;
using OpenPresence.Bench.Inner;
using OpenPresence.Bench.Journal;
using OpenPresence.Bench.Load;
using OpenPresence.Bench.Mixed;
using OpenPresence.Bench.Notify;
using OpenPresence.Bench.Peers;
using OpenPresence.Bench.People;
using OpenPresence.Bench.Postgres;
using OpenPresence.Bench.Report;
using OpenPresence.Bench.Subscriptions;

namespace OpenPresence.Bench;

/// <summary>Runs the suites that were asked for; prints a table and writes <c>bench.json</c>.</summary>
public static class BenchRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly TimeSpan JournalSeconds = TimeSpan.FromSeconds(12);

    private static readonly Dictionary<
        string,
        Func<BenchOptions, CancellationToken, Task<IReadOnlyList<BenchResult>>>
    > Suites = new(StringComparer.Ordinal)
    {
        ["read"] = ReadBench.RunAsync,
        ["curves"] = CurvesBench.RunAsync,
        ["peers"] = PeersBench.RunAsync,
        ["write"] = WriteBench.RunAsync,
        ["batch"] = BatchBench.RunAsync,
        ["search"] = SearchBench.RunAsync,
        ["state"] = StateBench.RunAsync,
        ["snapshot"] = (options, _) => Task.FromResult(SnapshotBench.Run(options.People, options.Rounds)),
        ["directory"] = (_, cancel) => DirectoryBench.RunAsync(cancel),
        ["allocations"] = (_, cancel) => Allocations.RunAsync(cancel),
        ["stream"] = StreamBench.RunAsync,
        ["node"] = NodeBench.RunAsync,
        ["match"] = (_, cancel) => MatchBench.RunAsync(cancel),
        ["notify"] = NotifyBench.RunAsync,
        ["mixed"] = MixedBench.RunAsync,
        ["postgres"] = PostgresBench.RunAsync,
        ["journal"] = (_, cancel) => JournalBench.RunAsync(JournalSeconds, cancel),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var options = BenchOptions.Parse(args);
        var results = new List<BenchResult>();
        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupt.Cancel();
        };
        // People take longer to write than most figures to measure: the suites of a run share them.
        using var directory = new TemporaryDirectory(options.DataDirectory);
        options = options with { DataDirectory = directory.Path };
        foreach (var name in options.Suites.Count > 0 ? options.Suites : [.. Suites.Keys])
        {
            Console.WriteLine($"{name} …");
            var begun = Stopwatch.GetTimestamp();
            results.AddRange(await Suites[name](options, interrupt.Token));
            Console.WriteLine($"  {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s");
        }

        Print(results);
        Directory.CreateDirectory(options.OutputDirectory);
        await using var file = File.Create(Path.Combine(options.OutputDirectory, "bench.json"));
        await JsonSerializer.SerializeAsync(file, results, Json, interrupt.Token);
        if (options.Picture is { } picture)
        {
            await File.WriteAllTextAsync(picture, Picture.Of(results), interrupt.Token);
        }
        return options.Recorded is { } recorded ? Check.Against(recorded, results) : 0;
    }

    private static void Print(IReadOnlyList<BenchResult> results)
    {
        foreach (var result in results)
        {
            var ratio = result.Ratio is { } value ? $"{value, 7:F3} of {result.RatioTo}" : "";
            Console.WriteLine($"{result.Name, -28} {result.Value, 14:N1} {result.Unit, -12} {ratio}");
        }
    }
}
