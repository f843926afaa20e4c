using System.Diagnostics;
using Npgsql;
using OpenPresence.Bench.Load;
using OpenPresence.Server.Copying;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Bench.Postgres;

/// <summary>
/// A whole server on PostgreSQL that follows and writes nothing: how long it takes to start with everybody, against reading the
/// same bytes from the database and doing nothing with them; and its reads, against those of a single node on files.
/// </summary>
internal static class NodeOnPostgresBench
{
    private const string Content = "select content from openpresence.snapshot_chunks order by position, number";

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        PostgresServer server,
        BenchOptions options,
        CancellationToken cancel
    )
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var alone = directory.Sub("data");
        await Population.EnsureAsync(alone, options.People, cancel);
        var database = await server.CreateDatabaseAsync();
        await FillAsync(database, options.People, cancel);
        string[] more =
        [
            "--journal",
            database,
            "--keys",
            Path.Combine(alone, OpenPresence.Server.Settings.DataFolders.Keys),
        ];
        var data = directory.Sub("data-follower");
        return
        [
            await StartsAsync(options, data, more, database, cancel),
            .. await ReadsAsync(options, directory, alone, data, more, cancel),
        ];
    }

    private static async Task<BenchResult> StartsAsync(
        BenchOptions options,
        string data,
        string[] more,
        string database,
        CancellationToken cancel
    )
    {
        var (starts, ratios) = (new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var bytes = await ReadAllAsync(database, cancel);
            await using var server = await LoadedProcess.StartServerAsync(
                options,
                data,
                cancel,
                LoadedProcess.AllProcessors,
                more: more
            );
            starts.Add(server.ReadyAfter.TotalSeconds);
            ratios.Add(server.ReadyAfter / bytes);
        }
        return new(
            $"start-pg-{options.People}",
            Median.Of(starts),
            "s",
            Median.Of(ratios),
            "reading the snapshot's bytes from PostgreSQL"
        );
    }

    private static async Task<IReadOnlyList<BenchResult>> ReadsAsync(
        BenchOptions options,
        TemporaryDirectory directory,
        string alone,
        string data,
        string[] more,
        CancellationToken cancel
    )
    {
        // Both sign with the same keys, so one token is good for both.
        await using var single = await LoadedProcess.StartServerAsync(options, alone, cancel);
        await using var follower = await LoadedProcess.StartServerAsync(options, data, cancel, more: more);
        var requests = directory.Sub("requests-follower");
        await ReadRequests.PrepareAsync(single, requests, options.People, cancel);
        var load = new Wrk("single.lua", requests, ReadBench.SingleConnections);
        return await new Comparison("follower-single", "single-node", load).RunAsync(
            follower,
            single,
            options.Rounds,
            cancel
        );
    }

    private static async Task FillAsync(string database, int people, CancellationToken cancel)
    {
        Console.WriteLine($"  writing {people:N0} people into PostgreSQL …");
        await using var target = await JournalPlace.Parse(database).BeginAsync(cancel);
        await StateImage.WriteAsync(target, Population.Entries(people), cancel);
    }

    private static async Task<TimeSpan> ReadAllAsync(string database, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(cancel);
        var begun = Stopwatch.GetTimestamp();
        await using var command = new NpgsqlCommand(Content, connection);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var bytes = 0L;
        while (await rows.ReadAsync(cancel))
        {
            bytes += rows.GetFieldValue<byte[]>(0).Length;
        }
        var took = Stopwatch.GetElapsedTime(begun);
        Console.WriteLine($"  {bytes / 1e6:N0} MB read from PostgreSQL in {took.TotalSeconds:F2} s");
        return took;
    }
}
