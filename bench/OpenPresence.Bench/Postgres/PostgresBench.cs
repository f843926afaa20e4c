using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Bench.Postgres;

/// <summary>
/// <c>bench postgres</c>: what several nodes on one PostgreSQL cost beside what PostgreSQL itself does, with a real one in a folder
/// of its own, flushed as it is by default. Says so, and measures nothing, where there is none.
/// </summary>
public static class PostgresBench
{
    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        if (PostgresServer.Missing is { } reason)
        {
            Console.WriteLine($"  left out: {reason}");
            return [];
        }
        await using var server = await PostgresServer.StartAsync(
            new()
            {
                IsDurable = true,
                More = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    // Checkpoints in the middle of a turn would fall on one side.
                    ["max_wal_size"] = "8GB",
                    ["checkpoint_timeout"] = "1h",
                },
            }
        );
        return
        [
            // First: what millions of appends leave to be written would delay the commits of the others.
            .. await DelayBench.RunAsync(server, options.Rounds, cancel),
            .. await AppendBench.RunAsync(server, options.Rounds, cancel),
            .. await NodeOnPostgresBench.RunAsync(server, options, cancel),
        ];
    }
}
