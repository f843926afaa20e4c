using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Curves;

/// <summary>
/// <c>bench curves</c>: what a read costs as the work grows, always beside the ceiling under the same load. A point is
/// short, and of few rounds, for there are many: read the course of a curve, not its points.
/// </summary>
public static class CurvesBench
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>For what a server that has just started is asked first: the compiler has its second pass then.</summary>
    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(2);
    private static readonly int[] SingleConnections = [1, 16, 256, 1000];
    private static readonly int[] BulkConnections = [1, 64];
    private static readonly int[] TokenCounts = [100, 10_000];

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var results = new List<BenchResult>();
        foreach (var people in new[] { options.People / 100, options.People, options.People * 10 })
        {
            var data = directory.Sub(people == options.People ? "data" : $"data-{people}");
            await Population.EnsureAsync(data, people, cancel);
            await using var bench = await ServerAndCeiling.StartAsync(
                options,
                data,
                directory.Sub($"requests-{people}"),
                people,
                cancel
            );
            results.AddRange(await PointAsync(bench, $"people-{people}", cancel));
            if (people == options.People)
            {
                results.AddRange(await ConnectionsAsync(bench, cancel));
                results.AddRange(await TokenCurve.RunAsync(bench, TokenCounts, cancel));
            }
        }
        results.AddRange(await TransportsAsync(options, directory, cancel));
        return results;
    }

    /// <summary>Both reads, with the connections that their bars are stated for.</summary>
    private static async Task<IReadOnlyList<BenchResult>> PointAsync(
        ServerAndCeiling bench,
        string name,
        CancellationToken cancel
    ) =>
        [
            .. await CompareAsync(
                bench,
                $"single-{name}",
                bench.Single(ReadBench.SingleConnections),
                cancel,
                isFirst: true
            ),
            .. await CompareAsync(
                bench,
                $"bulk-650-{name}",
                bench.Bulk(ReadBench.BulkConnections),
                cancel,
                isFirst: true
            ),
        ];

    private static async Task<IReadOnlyList<BenchResult>> ConnectionsAsync(
        ServerAndCeiling bench,
        CancellationToken cancel
    )
    {
        var results = new List<BenchResult>();
        foreach (var count in SingleConnections)
        {
            var load = bench.Single(count);
            results.AddRange(await CompareAsync(bench, $"single-connections-{count}", load, cancel));
        }
        foreach (var count in BulkConnections)
        {
            var load = bench.Bulk(count);
            results.AddRange(await CompareAsync(bench, $"bulk-650-connections-{count}", load, cancel));
        }
        return results;
    }

    /// <summary>TLS, HTTP/2, and both processors for the server, which it then shares with the load.</summary>
    private static async Task<IReadOnlyList<BenchResult>> TransportsAsync(
        BenchOptions options,
        TemporaryDirectory directory,
        CancellationToken cancel
    )
    {
        var data = directory.Sub("data");
        var requests = directory.Sub($"requests-{options.People}");
        var results = new List<BenchResult>();
        await using (
            var secure = await ServerAndCeiling.StartAsync(
                options,
                data,
                requests,
                options.People,
                cancel,
                isSecure: true
            )
        )
        {
            foreach (var isHttp2 in new[] { false, true })
            {
                var load = new H2Load(requests, ReadBench.SingleConnections, isHttp2);
                var name = isHttp2 ? "single-tls-http2" : "single-tls-http1";
                results.AddRange(await CompareAsync(secure, name, load, cancel, isFirst: true));
            }
        }
        await using var both = await ServerAndCeiling.StartAsync(
            options,
            data,
            requests,
            options.People,
            cancel,
            LoadedProcess.AllProcessors
        );
        results.AddRange(await PointAsync(both, "processors-2", cancel));
        return results;
    }

    internal static async Task<IReadOnlyList<BenchResult>> CompareAsync(
        ServerAndCeiling bench,
        string name,
        ILoad load,
        CancellationToken cancel,
        bool isFirst = false
    )
    {
        var compared = await new Comparison(name, $"{name}-ceiling", load)
        {
            WarmUp = isFirst ? FirstWarmUp : Turn,
            Turn = Turn,
        }.RunAsync(bench.Server, bench.Ceiling, bench.Rounds, cancel);
        return [.. compared.Take(2)]; // the rate and the processor time; the rest says the same again
    }
}
