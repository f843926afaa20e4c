namespace OpenPresence.Bench.Load;

/// <summary>
/// A case measured in turns with what it is compared to, A B B A, so that whatever else the machine does
/// falls on both. The ratio is that of one round; of the rounds, the median counts.
/// </summary>
public sealed record Comparison(string Name, string RatioTo, ILoad Load)
{
    /// <summary>How long each of the two is under load before anything counts.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one of the four turns of a round takes; whole seconds.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Below this, wrk was the slower one and the ratio says little.</summary>
    private const double ServerBusyMin = 0.9;

    public async Task<IReadOnlyList<BenchResult>> RunAsync(
        LoadedProcess server,
        LoadedProcess peer,
        int rounds,
        CancellationToken cancel
    )
    {
        await Load.RunAsync(server, WarmUp, cancel);
        await Load.RunAsync(peer, WarmUp, cancel);
        var ours = new List<LoadResult>();
        var theirs = new List<LoadResult>();
        var ratios = new List<(double Rate, double Processor)>();
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(await Load.RunAsync(peer, Turn, cancel));
            ours.Add(await Load.RunAsync(server, Turn, cancel));
            ours.Add(await Load.RunAsync(server, Turn, cancel));
            theirs.Add(await Load.RunAsync(peer, Turn, cancel));
            ratios.Add(
                (
                    ours[^2..].Sum(r => r.RequestsPerSecond) / theirs[^2..].Sum(r => r.RequestsPerSecond),
                    theirs[^2..].Sum(r => r.ProcessorMicroseconds) / ours[^2..].Sum(r => r.ProcessorMicroseconds)
                )
            );
        }

        Warn(ours, Name);
        Warn(theirs, RatioTo);
        return
        [
            new(Name, Median(ours, r => r.RequestsPerSecond), "requests/s", Median(ratios, r => r.Rate), RatioTo),
            new(
                Name + "-cpu",
                Median(ours, r => r.ProcessorMicroseconds),
                "us/request",
                Median(ratios, r => r.Processor),
                RatioTo + "-cpu / this"
            ),
            new(Name + "-p99", Median(ours, r => r.P99Milliseconds), "ms", null, null),
            new(RatioTo, Median(theirs, r => r.RequestsPerSecond), "requests/s", null, null),
            new(RatioTo + "-cpu", Median(theirs, r => r.ProcessorMicroseconds), "us/request", null, null),
        ];
    }

    private static void Warn(List<LoadResult> results, string name)
    {
        var busy = Median(results, r => r.ServerBusy);
        if (busy < ServerBusyMin)
        {
            Console.WriteLine($"{name}: the server was busy {busy:P0} of the time; compare the CPU figures");
        }
    }

    private static double Median<T>(IEnumerable<T> values, Func<T, double> of) => Bench.Median.Of(values.Select(of));
}
