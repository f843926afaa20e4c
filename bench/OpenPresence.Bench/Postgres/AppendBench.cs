using System.Globalization;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Bench.Postgres;

/// <summary>
/// Durable appends of 512 callers in all, on one node and on three, each a process, against as many bare programs, in turns
/// A B B A. All of them share the machine with PostgreSQL.
/// </summary>
internal static class AppendBench
{
    private const int Callers = 512;
    private static readonly int[] s_nodes = [1, 3];
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        PostgresServer server,
        int rounds,
        CancellationToken cancel
    )
    {
        var results = new List<BenchResult>();
        foreach (var nodes in s_nodes)
        {
            var database = await server.CreateDatabaseAsync();
            await BareInserts.CreateAsync(database, cancel);
            var journal = Start("journal", database, nodes);
            var bare = Start("bare", database, nodes);
            try
            {
                results.AddRange(await CompareAsync(nodes, journal, bare, rounds, cancel));
            }
            finally
            {
                foreach (var process in journal.Concat(bare))
                {
                    await process.DisposeAsync();
                }
            }
        }
        return results;
    }

    private static async Task<IReadOnlyList<BenchResult>> CompareAsync(
        int nodes,
        AppendProcess[] journal,
        AppendProcess[] bare,
        int rounds,
        CancellationToken cancel
    )
    {
        await RunAsync(bare, s_warmUp, cancel);
        await RunAsync(journal, s_warmUp, cancel);
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(await RunAsync(bare, s_turn, cancel));
            ours.Add(await RunAsync(journal, s_turn, cancel));
            ours.Add(await RunAsync(journal, s_turn, cancel));
            theirs.Add(await RunAsync(bare, s_turn, cancel));
            ratios.Add(ours.TakeLast(2).Sum() / theirs.TakeLast(2).Sum());
        }
        var name = string.Create(CultureInfo.InvariantCulture, $"{Callers}-nodes-{nodes}");
        return
        [
            new($"journal-pg-{name}", Median.Of(ours), "appends/s", Median.Of(ratios), $"bare-pg-{name}"),
            new($"bare-pg-{name}", Median.Of(theirs), "appends/s", null, null),
        ];
    }

    private static AppendProcess[] Start(string target, string database, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => AppendProcess.Start(target, database, Callers / count))];

    private static async Task<double> RunAsync(
        AppendProcess[] processes,
        TimeSpan duration,
        CancellationToken cancel
    ) => (await Task.WhenAll(processes.Select(each => each.RunAsync(duration, cancel)))).Sum();
}
