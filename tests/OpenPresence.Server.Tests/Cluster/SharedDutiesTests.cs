using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Cluster;

/// <summary>Duties as locks of a real PostgreSQL: shared evenly, moved when somebody goes, and never held by two.</summary>
public sealed class SharedDutiesTests(SharedPostgres shared) : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = Eventually.Limit;

    private const int LinesShown = 20;

    private readonly List<SharedDuties> joined = [];
    private readonly LogLines log = new();
    private readonly Lock gate = new();
    private readonly List<int> heldByTwo = [];
    private TaskCompletionSource changed = NewSignal();
    private Database database = null!;

    [Fact]
    public async Task Two_nodes_share_evenly_and_so_do_three()
    {
        await OpenAsync();
        var first = await JoinAsync("a");
        Assert.Equal((Partitions.Count, true), (first.PartitionsHeld, first.Ticks));

        var second = await JoinAsync("b");
        await UntilAsync(() => first.PartitionsHeld == 128 && second.PartitionsHeld == 128);
        var third = await JoinAsync("c");
        await UntilAsync(() =>
            joined.Sum(one => one.PartitionsHeld) == Partitions.Count
            && joined.TrueForAll(one => one.PartitionsHeld is >= 84 and <= 86)
        );

        Assert.Single(joined, one => one.Ticks);
        Assert.Equal(["a", "b", "c"], third.View.Live.Select(node => node.Name).Order());
        Assert.Empty(heldByTwo);
    }

    [Fact]
    public async Task What_a_node_held_whose_session_ends_is_taken_though_it_does_not_know_it()
    {
        await OpenAsync();
        var frozen = new ManualClock();
        var first = await JoinAsync("a", frozen);
        var second = await JoinAsync("b");
        Assert.Equal(0, second.PartitionsHeld);

        await EndSessionOfAsync("a");
        await UntilAsync(() => second.PartitionsHeld == Partitions.Count && second.Ticks);
        Assert.Equal(Partitions.Count, first.PartitionsHeld); // it sleeps, and its POSTs with it
        await UntilAsync(() =>
        {
            frozen.Advance(SharedDuties.BeatEvery);
            return first.PartitionsHeld == 0 && !first.Ticks;
        });
    }

    [Fact]
    public async Task A_node_that_stops_leaves_its_partitions_to_the_others()
    {
        await OpenAsync();
        var first = await JoinAsync("a");
        var second = await JoinAsync("b");
        await UntilAsync(() => second.PartitionsHeld == 128);

        await first.DisposeAsync();
        await UntilAsync(() => second.PartitionsHeld == Partitions.Count && second.Ticks);
        Assert.Equal(["b"], second.View.Live.Select(node => node.Name));
        Assert.Empty(heldByTwo);
    }

    [Fact]
    public async Task A_partition_is_nobody_elses_until_its_holder_has_handed_it_over()
    {
        await OpenAsync();
        var asked = new TaskCompletionSource<IReadOnlyList<int>>();
        var told = new TaskCompletionSource();
        var first = await JoinAsync("a");
        first.GivingUp = partitions =>
        {
            asked.TrySetResult(partitions);
            return told.Task;
        };
        var second = await JoinAsync("b");

        var given = await asked.Task.WaitAsync(WaitMax, TestContext.Current.CancellationToken);
        Assert.Equal(128, given.Count);
        Assert.All(given, partition => Assert.NotEqual(0, first.TermOf(partition)));
        Assert.Equal(0, second.PartitionsHeld);
        told.SetResult();
        await UntilAsync(() => second.PartitionsHeld == 128);

        Assert.All(given, partition => Assert.NotEqual(0, second.TermOf(partition)));
        Assert.Empty(heldByTwo);
    }

    [Fact]
    public async Task A_database_that_ends_takes_all_duties_and_gives_them_back_in_new_terms()
    {
        SharedPostgres.Want();
        await using var server = await PostgresServer.StartAsync();
        await OpenAsync(await server.CreateDatabaseAsync());
        var first = await JoinAsync("a");
        var term = first.TermOf(7);

        await server.KillAsync();
        await UntilAsync(() => first.PartitionsHeld == 0 && !first.Ticks && first.Fault is not null);
        await server.StartAgainAsync();
        await UntilAsync(() => first.PartitionsHeld == Partitions.Count && first.Ticks);

        Assert.True(first.TermOf(7) > term);
        Assert.Null(first.Fault);
        await DisposeAsync(); // while there is a server
    }

    [Fact]
    public async Task Newer_rules_wait_for_the_last_node_that_does_not_know_them()
    {
        await OpenAsync();
        var first = await JoinAsync("a", rules: 2);
        Assert.Equal(2, first.RulesKnown);
        var second = await JoinAsync("b", rules: 1);
        await UntilAsync(() => first.RulesKnown == 1);

        await second.DisposeAsync();
        await UntilAsync(() => first.RulesKnown == 2);
    }

    [Fact]
    public async Task Who_wants_to_be_alone_waits_for_who_is()
    {
        await OpenAsync();
        var cancel = TestContext.Current.CancellationToken;
        var first = await Alone.HoldAsync(database, AdvisoryLocks.Keys, cancel);
        await using (await Alone.HoldAsync(database, AdvisoryLocks.Seeding, cancel)) { }

        var second = Alone.HoldAsync(database, AdvisoryLocks.Keys, cancel);
        await WaitersAsync(1);
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in joined)
        {
            await one.DisposeAsync();
        }
        joined.Clear();
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private async Task OpenAsync(string? connection = null) =>
        database = await Database.OpenAsync(
            connection ?? await shared.CreateDatabaseAsync(),
            passwordFile: null,
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );

    private async Task<SharedDuties> JoinAsync(string name, TimeProvider? time = null, int rules = 1)
    {
        var id = Guid.NewGuid();
        var duties = await SharedDuties.StartAsync(
            database,
            () => new NodeCard(id, name, rules, SigningKey: null, Position: 0),
            _ => Look(),
            time ?? TimeProvider.System,
            log,
            TestContext.Current.CancellationToken
        );
        duties.Changed = Look;
        joined.Add(duties);
        return duties;
    }

    /// <summary>Told of every change, on the thread that makes it.</summary>
    private void Look()
    {
        lock (gate)
        {
            var live = joined.ToArray();
            heldByTwo.AddRange(
                Enumerable
                    .Range(0, Partitions.Count)
                    .Where(partition => live.Count(one => one.TermOf(partition) != 0) > 1)
            );
            changed.TrySetResult();
            changed = NewSignal();
        }
    }

    /// <summary>Looks whenever somebody has looked around, at the latest after a second.</summary>
    private async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (!isSo())
        {
            Assert.False(
                limit.IsCancellationRequested,
                $"it does not come about: {string.Join("; ", joined.Select(Describe))}\n{Said}"
            );
            await Task.WhenAny(
                Volatile.Read(ref changed).Task,
                Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)
            );
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Said => string.Join('\n', log.All.TakeLast(LinesShown));

    private static string Describe(SharedDuties one) =>
        $"{one.PartitionsHeld} held, {one.Nodes} nodes seen, fault {one.Fault ?? "none"}";

    private Task<object?> EndSessionOfAsync(string name) =>
        RunAsync($"select pg_terminate_backend(backend) from openpresence.nodes where name = '{name}'");

    private async Task WaitersAsync(int count)
    {
        const string Waiting =
            "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = "
            + "(select oid from pg_database where datname = current_database())";
        await Eventually.SeenAsync(() => RunAsync(Waiting), waiting => waiting is long many && many >= count);
    }

    private async Task<object?> RunAsync(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
