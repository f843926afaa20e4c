namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// Three nodes, programs that write and read on all of them, receivers that watch everybody: whatever fails meanwhile, the
/// answers tell one story, and the receivers hear how it ends. Each fault once; for ten minutes with SOAK=1.
/// </summary>
public sealed class ClusterTests
{
    private const int Nodes = 3;
    private const int Clients = 6;
    private const int Subscriptions = 8;

    // Acknowledged writes, so that a slow machine tells as much of a story as a fast one.
    private const int CalmWrites = 150;
    private const int AttemptsMax = 5;
    private const int WritesBeforeFault = 20;
    private const int WritesBeforeCut = 60;

    private static readonly TimeSpan SoakFor = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Three_nodes_tell_one_story_and_receivers_all_of_it()
    {
        // A run that is disturbed by other work on this machine is judged as one with faults, and another is made.
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            await using var run = await StartAsync(isDurable: false);
            await run.WorkAsync(CalmWrites);
            await run.CheckAsync(wantsEveryState: true);
            if (run.IsCalm)
            {
                return;
            }
        }
        Assert.Fail($"of {AttemptsMax} runs without a fault none was without a disturbance");
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
                await run.WorkAsync(WritesBeforeFault);
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
            await run.WorkAsync(WritesBeforeCut);
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
