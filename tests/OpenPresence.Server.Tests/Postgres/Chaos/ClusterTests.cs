namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// Three nodes, programs that write and read on all of them, receivers that watch everybody: whatever fails meanwhile, the
/// answers tell one story, and the receivers hear how it ends. For some seconds always; ten minutes with SOAK=1.
/// </summary>
public sealed class ClusterTests
{
    private const int Nodes = 3;
    private const int Clients = 6;
    private const int Subscriptions = 8;

    private static readonly TimeSpan CalmFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SoakFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenFaults = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Three_nodes_tell_one_story_and_receivers_all_of_it()
    {
        await using var run = await StartAsync(isDurable: false);
        await Task.Delay(CalmFor, TestContext.Current.CancellationToken);
        await run.CheckAsync(wantsEveryState: true);
    }

    [Fact]
    public async Task One_story_remains_when_nodes_and_PostgreSQL_die_and_the_network_fails()
    {
        await using var run = await StartAsync(isDurable: true);
        var faults = new Faults(run.Cluster, run.Seed);
        var clock = TimeProvider.System.GetTimestamp();
        var isSoak = Environment.GetEnvironmentVariable("SOAK") is not null;
        var number = 0;
        do
        {
            foreach (var fault in isSoak ? [.. faults.EachOnce(), .. faults.Together()] : faults.EachOnce())
            {
                await Task.Delay(BetweenFaults, TestContext.Current.CancellationToken);
                TestContext.Current.SendDiagnosticMessage($"{++number}. {fault.Name}");
                await fault.HappenAsync();
                await run.Cluster.ReadyAsync();
            }
        } while (isSoak && TimeProvider.System.GetElapsedTime(clock) < SoakFor);
        await run.CheckAsync(wantsEveryState: false);
    }

    [Fact]
    public async Task One_story_remains_when_proxies_cut_delay_and_heal_the_network()
    {
        var proxies = new ProxyLinks();
        await using var run = await StartAsync(isDurable: false, nodes: 2, proxies);
        foreach (var fault in new Faults(run.Cluster, run.Seed).OfTheNetwork())
        {
            // Whoever asks a node that is cut off waits with it: something has to be written before.
            await Task.Delay(CalmFor, TestContext.Current.CancellationToken);
            await fault.HappenAsync();
            await run.Cluster.ReadyAsync();
        }
        await run.CheckAsync(wantsEveryState: false);
        Assert.True(proxies.Delayed > 0, "nothing was delayed");
        Assert.True(proxies.Silenced > 0, "nothing was cut off");
    }

    private static async Task<ClusterRun> StartAsync(bool isDurable, int nodes = Nodes, ILinks? links = null) =>
        await ClusterRun.StartAsync(
            await Cluster.StartAsync(nodes, isDurable, links),
            Clients,
            Subscriptions,
            Environment.TickCount
        );
}
