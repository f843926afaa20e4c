using Npgsql;
using OpenPresence.Server.Cli;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Tests.Cli;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// PostgreSQL is lost for good, and the standby that takes over lacks what was written last, as it may where commits do
/// not wait for it. Real nodes, which applied that and showed it to everybody, have to find out for themselves.
/// </summary>
public sealed class LossyFailoverTests : IDisposable
{
    private const int Subscriptions = 4;

    // People whose register is the session of a device: what it shows, streams and receivers are told.
    private const int Ada = 0;
    private const int Bob = 2;
    private const string Kept = "Busy/InACall";
    private const string Lost = "Away/BeRightBack";
    private const string Since = "DoNotDisturb/Presenting";

    private readonly string seed = Path.Combine(Path.GetTempPath(), $"openpresence-{Guid.NewGuid()}.json");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nodes_that_applied_what_a_promoted_server_lacks_begin_anew_and_agree(bool findsOthersEntries)
    {
        SharedPostgres.Want();
        await File.WriteAllTextAsync(seed, Cluster.Seed(), TestContext.Current.CancellationToken);
        await using var primary = await PostgresServer.StartAsync();
        var connection = await primary.CreateDatabaseAsync();
        var database = new NpgsqlConnectionStringBuilder(connection).Database!;
        await using var standby = await primary.StartStandbyAsync();
        var either = connection.Replace(
            $"Host=127.0.0.1;Port={primary.Port}",
            $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}",
            StringComparison.Ordinal
        );
        await using var nodes = await ServedNodes.StartAsync(either, 2, "--seed", seed);
        var token = await HistoryClient.TokenAsync(nodes.Address(0));
        using var first = new NodeClient(nodes.Address(0), token);
        using var second = new NodeClient(nodes.Address(1), token);
        await using var board = await Wallboard.StartAsync(nodes.Address(0), token, Subscriptions);
        await using var stream = new LiveListener(nodes.Address(1), token);
        await NodeClient.UntilAsync(() => Task.FromResult(stream.Connections == 1), () => "a stream");

        var kept = await first.WriteAsync(Ada, Kept);
        await standby.UntilAsync($"select max(last) >= {PositionOf(kept)} from openpresence.batches", "t", database);
        await standby.StopReceivingAsync();
        var lost = await second.WriteAsync(Ada, Lost);
        Assert.Equal((Lost, lost), await first.ReadAsync(Ada, after: lost));
        if (findsOthersEntries)
        {
            await nodes.FreezeAsync(1);
        }

        await primary.KillAsync();
        await first.UntilAsync(isReady: false);
        Assert.Equal((Lost, lost), await first.ReadAsync(Ada)); // from memory, as of the last entry
        await standby.PromoteAsync();
        await first.UntilReadsAsync(Ada, (Kept, kept));
        if (findsOthersEntries)
        {
            // Until where the lost one stood there is another one.
            while (string.CompareOrdinal(await first.WriteAsync(Bob, Kept), lost) < 0) { }
            await nodes.ThawAsync(1);
        }
        await second.UntilReadsAsync(Ada, (Kept, kept));

        Assert.Equal(2, nodes.Said.Split("The state is loaded anew").Length - 1);
        Assert.Equal(await first.ReadAsync(Bob), await second.ReadAsync(Bob));
        var next = await second.WriteAsync(Ada, Since);
        Assert.True(string.CompareOrdinal(next, kept) > 0);
        Assert.Equal("0", await standby.SqlAsync(Gaps, database));
        Assert.Equal((Since, next), await first.ReadAsync(Ada, after: next));
        await ToldOfAsync(board, stream);
        await AgreeAsync(either);
    }

    public void Dispose() => File.Delete(seed);

    /// <summary>Batches that do not begin where the one before them ended.</summary>
    private const string Gaps =
        "select count(*) from (select first, lag(last) over (order by last) as before "
        + "from openpresence.batches) batch where first <> before + 1";

    private static long PositionOf(string sequence)
    {
        Assert.True(Sequence.TryParse(sequence, out var parsed));
        return Sequence.Position(parsed);
    }

    /// <summary>Waits until the stream, which went on by itself, and all receivers were told of the last write, last.</summary>
    private static Task ToldOfAsync(Wallboard board, LiveListener stream) =>
        NodeClient.UntilAsync(
            () => Task.FromResult(board.AllKnow(Ada, Since) && stream.LastOf(Guid.Parse(Cluster.Person(Ada))) == Since),
            () => $"the stream: {stream.LastOf(Guid.Parse(Cluster.Person(Ada)))}, {string.Join('\n', board.Told)}"
        );

    /// <summary>The nodes' own comparison of their states.</summary>
    private static async Task AgreeAsync(string journal)
    {
        var verified = await CommandRun.OfAsync(
            new Dictionary<string, string> { ["OPENPRESENCE_JOURNAL"] = journal },
            ["journal", "verify"]
        );
        Assert.True(verified.Code == ExitCode.Done, verified.Output + verified.Errors);
        Assert.Equal(2, verified.Output.Split(": the same").Length - 1);
    }
}
