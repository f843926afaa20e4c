using System.Diagnostics;

namespace OpenPresence.Bench.Load;

/// <summary>
/// What people cost at rest: resident memory, and the time from the start of the process until it is ready,
/// with people who have one session each (four of five) and with nobody.
/// </summary>
public static class StateBench
{
    private const int Starts = 3;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        BenchOptions options,
        CancellationToken cancel
    )
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var empty = await MeasureAsync(options, directory.Sub("data-empty"), people: 0, cancel);
        var full = await MeasureAsync(options, directory.Sub("data"), options.People, cancel);
        var name = options.People == 1_000_000 ? "1m" : $"{options.People}";
        return
        [
            new("start-empty", empty.ReadyAfter.TotalMilliseconds, "ms", null, null),
            new($"restart-{name}", full.ReadyAfter.TotalMilliseconds, "ms", null, null),
            new("resident-empty", empty.ResidentBytes / 1e6, "MB", null, null),
            new($"resident-{name}", full.ResidentBytes / 1e6, "MB", null, null),
            new(
                "bytes-per-person",
                (full.ResidentBytes - empty.ResidentBytes) / options.People,
                "bytes",
                null,
                null
            ),
        ];
    }

    private static async Task<(TimeSpan ReadyAfter, double ResidentBytes)> MeasureAsync(
        BenchOptions options,
        string data,
        int people,
        CancellationToken cancel
    )
    {
        await Population.EnsureAsync(data, people, cancel);
        var starts = new List<(TimeSpan ReadyAfter, double ResidentBytes)>();
        for (var start = 0; start < Starts; start++)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var server = await LoadedProcess.StartServerAsync(options, data, cancel);
            var readyAfter = Stopwatch.GetElapsedTime(begun);
            await Task.Delay(Settle, cancel);
            starts.Add((readyAfter, server.ResidentBytes));
        }
        return (
            starts.Select(s => s.ReadyAfter).Order().ElementAt(Starts / 2),
            starts.Select(s => s.ResidentBytes).Order().ElementAt(Starts / 2)
        );
    }
}
