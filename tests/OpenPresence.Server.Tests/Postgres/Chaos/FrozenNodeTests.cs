using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// A node that stands still, as under a debugger or on a machine that swaps: its connections look well to everybody, for the
/// machine confirms what they are sent. Then it goes on as if nothing had been.
/// </summary>
public sealed class FrozenNodeTests(SharedPostgres shared) : IDisposable
{
    private const int Subscriptions = 8;
    private const int Ada = 0;
    private const string Before = "Busy/InACall";
    private const string During = "Away/BeRightBack";
    private const string After = "DoNotDisturb/Presenting";

    private readonly string seed = Path.Combine(Path.GetTempPath(), $"openpresence-{Guid.NewGuid()}.json");

    [Fact]
    public async Task Another_node_tells_for_one_that_is_frozen_and_that_one_repeats_nothing()
    {
        var journal = await shared.CreateDatabaseAsync();
        await File.WriteAllTextAsync(seed, Cluster.Seed(), TestContext.Current.CancellationToken);
        await using var nodes = await ServedNodes.StartAsync(journal, 2, "--seed", seed);
        var token = await HistoryClient.TokenAsync(nodes.Address(0));
        using var first = new NodeClient(nodes.Address(0), token);
        using var second = new NodeClient(nodes.Address(1), token);
        await ShareAsync(first, second);
        await using var board = await Wallboard.StartAsync(nodes.Address(1), token, Subscriptions);
        await first.WriteAsync(Ada, Before);
        await AllKnowAsync(board, Before);

        await nodes.FreezeAsync(0);
        var written = await second.WriteAsync(Ada, During);
        await AllKnowAsync(board, During);

        await nodes.ThawAsync(0);
        Assert.Equal((During, written), await first.ReadAsync(Ada, after: written));
        await ShareAsync(first, second);
        await first.WriteAsync(Ada, After);
        await AllKnowAsync(board, After);
        foreach (var told in board.Told.GroupBy(one => one.Receiver))
        {
            Assert.Single(told, one => one.Value == During);
            Assert.Single(told, one => one.Value == After);
        }
    }

    public void Dispose() => File.Delete(seed);

    private static Task AllKnowAsync(Wallboard board, string value) =>
        NodeClient.UntilAsync(
            () => Task.FromResult(board.AllKnow(Ada, value)),
            () => $"all are told of {value}: {string.Join('\n', board.Told)}"
        );

    /// <summary>Waits until each of the two has half of the subscriptions.</summary>
    private static Task ShareAsync(NodeClient first, NodeClient second) =>
        NodeClient.UntilAsync(
            async () => await HasHalfAsync(first) && await HasHalfAsync(second),
            () => "an even share"
        );

    private static async Task<bool> HasHalfAsync(NodeClient node) =>
        await node.HealthAsync() is { } health && Cluster.HeldOf(health.Report) == Partitions.Count / 2;
}
