using OpenPresence.Server.Tests.Postgres.Histories;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>A cluster at work: clients, receivers, and in the end the judgement.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    /// <summary>Fewer, and nothing was tried.</summary>
    private const int AcknowledgedMin = 100;

    // Reached only when something is broken.
    private static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly Wallboard wallboard;
    private readonly HistoryClient[] clients;
    private readonly HistoryClient judge;
    private readonly Task[] running;
    private readonly int disturbances;

    private ClusterRun(Cluster cluster, Wallboard wallboard, int clients, int seed, string token)
    {
        (Cluster, this.wallboard, Seed) = (cluster, wallboard, seed);
        disturbances = cluster.Disturbances;
        judge = new HistoryClient(cluster, clients, seed, token);
        this.clients =
        [
            .. Enumerable.Range(0, clients).Select(number => new HistoryClient(cluster, number, seed + number, token)),
        ];
        running = [.. this.clients.Select(client => Task.Run(() => client.RunAsync(stop.Token)))];
    }

    public Cluster Cluster { get; }

    public int Seed { get; }

    /// <summary>Whether nothing happened so far that lets receivers miss a state, or hear one twice.</summary>
    public bool IsCalm => Cluster.Disturbances == disturbances;

    private int Acknowledged => clients.Sum(client => client.Acknowledged);

    /// <summary>Lets clients and receivers loose; the cluster goes with the run.</summary>
    public static async Task<ClusterRun> StartAsync(Cluster cluster, int clients, int subscriptions, int seed)
    {
        try
        {
            var token = await HistoryClient.TokenAsync(cluster.Nodes[0].Http);
            var board = await Wallboard.StartAsync(cluster.Nodes[1].Http, token, subscriptions);
            return new ClusterRun(cluster, board, clients, seed, token);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when so many more writes were acknowledged, however long that takes.</summary>
    public Task WorkAsync(int writes)
    {
        var wanted = Acknowledged + writes;
        return Eventually.IsSoAsync(() => Acknowledged >= wanted, () => Words([$"{Acknowledged} of {wanted} writes"]));
    }

    /// <summary>Stops the clients, waits until all is quiet, and judges what they saw.</summary>
    /// <param name="wantsEveryState">Whether, as long as it is calm, receivers hear every state, and each once.</param>
    public async Task CheckAsync(bool wantsEveryState)
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
        var history = clients.SelectMany(client => client.History).ToList();
        await DeliveredAsync(history, wantsEveryState);

        Expect(clients.SelectMany(client => client.Wrong).ToList());
        Expect(RegisterCheck.Faults(history));
        var acknowledged = history.Where(each => each.IsWrite && each.IsKnown).ToList();
        Assert.True(acknowledged.Count >= AcknowledgedMin, Words([$"{acknowledged.Count} writes"]));
        Assert.Contains(acknowledged, write => write.Sequence is not null);
        if (wantsEveryState && IsCalm)
        {
            Expect(DeliveryCheck.Repeats(wallboard.Told));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Array.ForEach(clients, client => client.Dispose());
        judge.Dispose();
        await Cluster.DisposeAsync();
        await wallboard.DisposeAsync();
        stop.Dispose();
    }

    /// <summary>Waits until all nodes say the same and nothing is left to expire; the last reads.</summary>
    private async Task<List<Operation>> SettledAsync(List<Operation> history)
    {
        using var limit = new CancellationTokenSource(SettledWithin);
        while (true)
        {
            var reads = await ReadAllAsync();
            List<string> faults = [.. RegisterCheck.Disagreements(reads), .. RegisterCheck.Overdue(history, reads)];
            if (faults.Count == 0)
            {
                return reads;
            }
            Assert.False(limit.IsCancellationRequested, Words(faults));
            await Task.Delay(LookAgainAfter, CancellationToken.None);
        }
    }

    private async Task<List<Operation>> ReadAllAsync()
    {
        var reads = new List<Operation>();
        for (var person = 0; person < Cluster.People; person++)
        {
            for (var node = 0; node < Cluster.Nodes.Count; node++)
            {
                var read = await judge.ReadAsync(node, person);
                Assert.True(read is not null, Words([$"no answer of node {node}"]));
                reads.Add(read);
            }
        }
        return reads;
    }

    /// <summary>
    /// Waits until receivers were told what they must be told. What it is may change meanwhile, when something expires, so it
    /// is read again each time; the reads are part of the history.
    /// </summary>
    private async Task DeliveredAsync(List<Operation> history, bool wantsEveryState)
    {
        var written = history.Where(each => each.IsWrite).Select(each => (each.Person, each.Value));
        var sessions = Enumerable.Range(0, Cluster.People).Where(Registers.IsSession);
        var people = sessions.Select(Cluster.Person).ToArray();
        var ended = people.Select(person => (person, Operation.Nothing));
        var tried = written.Concat(ended).ToHashSet();
        using var limit = new CancellationTokenSource(SettledWithin);
        while (true)
        {
            history.AddRange(await SettledAsync(history));
            var seen = history.ToLookup(each => each.Person);
            var faults = DeliveryCheck.Faults(
                people.ToDictionary(person => person, person => States(seen[person])),
                wallboard.Receivers,
                wallboard.Told,
                tried,
                wantsEveryState && IsCalm
            );
            if (faults.Count == 0)
            {
                return;
            }
            Assert.False(limit.IsCancellationRequested, Words(faults));
            await Task.Delay(LookAgainAfter, CancellationToken.None);
        }
    }

    /// <summary>What readers saw of a person, one after the other; not how it began, which nobody is told of.</summary>
    private static IReadOnlyList<string> States(IEnumerable<Operation> ofOnePerson)
    {
        var states = new List<string> { Operation.Nothing };
        foreach (var value in new RegisterOrder(ofOnePerson).Values)
        {
            if (value != states[^1])
            {
                states.Add(value);
            }
        }
        return states[1..];
    }

    private void Expect(List<string> faults) => Assert.True(faults.Count == 0, Words(faults));

    /// <summary>The first faults, how to have them again, and what the nodes said.</summary>
    private string Words(List<string> faults) =>
        $"seed {Seed}, {faults.Count} faults:\n{string.Join('\n', faults.Take(10))}\n" + Cluster.LastWords();
}
