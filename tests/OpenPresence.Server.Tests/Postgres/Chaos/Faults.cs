namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>What can happen to a cluster, each by the choice of a seed; when it is over, everything is there again.</summary>
internal sealed class Faults(Cluster cluster, int seed)
{
    private readonly Random random = new(seed);

    /// <summary>Longer than a dead connection lasts on either side.</summary>
    private static readonly TimeSpan LongCut = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan ShortCut = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(2);

    /// <summary>All of them, in an order that the seed chooses.</summary>
    public IReadOnlyList<Fault> EachOnce()
    {
        Fault[] all =
        [
            new("kill a node", () => cluster.KillNodeAsync(Node())),
            new("kill PostgreSQL", () => cluster.RestartPostgresAsync(isKilled: true)),
            new("restart PostgreSQL", () => cluster.RestartPostgresAsync(isKilled: false)),
            new("promote the standby", cluster.FailOverAsync),
            new("cut a node off", () => cluster.CutAsync(Node(), LongCut)),
            new("cut a node off for a moment", () => cluster.CutAsync(Node(), ShortCut)),
            new("slow a node's way", () => cluster.SlowAsync(Node(), Delay, SlowFor)),
        ];
        random.Shuffle(all);
        return all;
    }

    /// <summary>Those of the network alone.</summary>
    public IReadOnlyList<Fault> OfTheNetwork()
    {
        var (one, other) = TwoNodes();
        Fault[] all =
        [
            new("cut a node off for a moment", () => cluster.CutAsync(Node(), ShortCut)),
            new(
                "cut a node off while another's way is slow",
                () => Task.WhenAll(cluster.CutAsync(one, LongCut), cluster.SlowAsync(other, Delay, SlowFor))
            ),
        ];
        random.Shuffle(all);
        return all;
    }

    /// <summary>Two at once, for who has the time.</summary>
    public IReadOnlyList<Fault> Together()
    {
        var (one, other) = TwoNodes();
        return
        [
            new(
                "cut a node off while PostgreSQL is killed",
                () => Task.WhenAll(cluster.CutAsync(one, LongCut), cluster.RestartPostgresAsync(isKilled: true))
            ),
            new(
                "slow a node's way while the standby is promoted",
                () => Task.WhenAll(cluster.SlowAsync(one, Delay, LongCut), cluster.FailOverAsync())
            ),
            new(
                "cut a node off while another is killed",
                () => Task.WhenAll(cluster.CutAsync(one, LongCut), cluster.KillNodeAsync(other))
            ),
        ];
    }

    private (int One, int Other) TwoNodes()
    {
        var one = Node();
        return (one, (one + 1 + random.Next(cluster.Nodes.Count - 1)) % cluster.Nodes.Count);
    }

    private int Node() => random.Next(cluster.Nodes.Count);
}

/// <summary>Something that fails, and is well again.</summary>
internal sealed record Fault(string Name, Func<Task> HappenAsync);
