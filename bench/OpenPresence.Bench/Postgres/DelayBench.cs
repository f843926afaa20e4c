using System.Diagnostics;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Bench.Postgres;

/// <summary>
/// How long until another node has what one node was handed: 5,000 entries a second, from the call that appends to the other
/// process's reader, the commit included.
/// </summary>
internal static class DelayBench
{
    private const int EntriesPerSecond = 5_000;
    private const int PayloadBytes = 64;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        PostgresServer server,
        int rounds,
        CancellationToken cancel
    )
    {
        var database = await server.CreateDatabaseAsync();
        await using var node = await JournalOnPostgres.OpenAsync(database, cancel);
        await AppendAsync(node, s_warmUp, counts: false, cancel);
        var (medians, lates) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var (median, late, count) = await FollowProcess.MeasureAsync(
                database,
                async () =>
                {
                    await AppendAsync(node, s_warmUp, counts: false, cancel); // the other one compiles, too
                    await AppendAsync(node, s_duration, counts: true, cancel);
                },
                cancel
            );
            Console.WriteLine($"  {count:N0} entries followed");
            medians.Add(median);
            lates.Add(late);
        }
        return
        [
            new("replication-delay", Median.Of(medians), "ms", null, null),
            new("replication-delay-p99", Median.Of(lates), "ms", null, null),
        ];
    }

    /// <summary>Hands entries in by the clock, whether those before are done or not.</summary>
    private static async Task AppendAsync(
        JournalOnPostgres node,
        TimeSpan duration,
        bool counts,
        CancellationToken cancel
    )
    {
        var clock = Stopwatch.StartNew();
        var underWay = new List<Task>();
        while (clock.Elapsed < duration)
        {
            var due = (int)(clock.Elapsed.TotalSeconds * EntriesPerSecond) - underWay.Count;
            for (var i = 0; i < due; i++)
            {
                underWay.Add(node.AppendAsync(Guid.NewGuid(), FollowProcess.Payload(PayloadBytes, counts)).AsTask());
            }
            await Task.Delay(1, cancel);
        }
        await Task.WhenAll(underWay);
    }
}
