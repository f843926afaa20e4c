using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>Several nodes on one database: one order, and everybody reads all of it.</summary>
public sealed class PostgresJournalTests(SharedPostgres shared)
{
    [Fact]
    public async Task Two_nodes_make_one_order_and_both_read_all_of_it()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        var appends = Enumerable
            .Range(0, 400)
            .Select(i => Task.Run(() => (i % 2 == 0 ? a : b).Journal.AppendAsync($"{i}")))
            .ToArray();
        var positions = await Task.WhenAll(appends);
        await a.Journal.ReadsAsync(400);
        await b.Journal.ReadsAsync(400);

        var read = await a.Journal.ReadAllAsync();
        Assert.Equal(Enumerable.Range(1, 400).Select(p => (long)p), read.Select(e => e.Position));
        Assert.Equal(positions.Select((p, i) => (p, $"{i}")).Order(), read.Select(e => (e.Position, e.Text())));
        Assert.Equal(
            read.Select(e => (e.Position, e.At, e.CommandId, e.Text())),
            (await b.Journal.ReadAllAsync()).Select(e => (e.Position, e.At, e.CommandId, e.Text()))
        );
    }

    [Fact]
    public async Task A_node_that_waits_sees_what_another_appends()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        using var bound = new CancellationTokenSource(JournalSteps.WaitMax);
        await using var reader = b.Journal.ReadAsync(0, bound.Token).GetAsyncEnumerator(bound.Token);
        var waiting = reader.MoveNextAsync().AsTask();

        _ = await a.Journal.AppendAsync("from a");

        Assert.True(await waiting);
        Assert.Equal("from a", Assert.Single(reader.Current).Text());
        await Eventually.IsSoAsync(() => b.Journal.Lag == default);
    }

    [Fact]
    public async Task A_companion_stays_with_the_node_that_appended()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        var companion = new object();

        var position = await a.Journal.AppendAsync("accompanied", companion);
        await b.Journal.ReadsAsync(position);

        Assert.Null(Assert.Single(await b.Journal.ReadAllAsync()).Companion);
        Assert.Same(companion, Assert.Single(await a.Journal.ReadAllAsync()).Companion);
    }

    [Fact]
    public async Task An_id_that_was_read_from_another_node_is_not_appended_again()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        var id = Guid.NewGuid();
        var first = await a.Journal.AppendAsync(id, "once"u8.ToArray());
        await b.Journal.ReadsAsync(first.Position);

        var second = await b.Journal.AppendAsync(id, "once"u8.ToArray());

        Assert.Equal(new Appended(first.Position, Repeated: true), second);
        Assert.Single(await b.Journal.ReadAllAsync());
    }

    [Fact]
    public async Task Whoever_asks_for_the_last_position_learns_what_another_node_appended()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        Assert.Equal(0, await b.Journal.FindLastPositionAsync(CancellationToken.None));

        var position = await a.Journal.AppendAsync("x");

        Assert.Equal(position, await b.Journal.FindLastPositionAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_database_stamps_entries_with_its_clock_and_what_it_was_moved_by()
    {
        var connection = await shared.CreateDatabaseAsync();
        var clock = new JournalClock(TimeSpan.Zero, null);
        await using var node = await SharedNode.OpenAsync(connection, clock: () => clock);
        var before = await NowAsync(connection);
        _ = await node.Journal.AppendAsync("now");
        var after = await NowAsync(connection);
        clock = new JournalClock(TimeSpan.FromHours(2), null);
        _ = await node.Journal.AppendAsync("two hours ahead");
        clock = new JournalClock(TimeSpan.Zero, after + TimeSpan.FromDays(1));
        _ = await node.Journal.AppendAsync("frozen");

        var ats = (await node.Journal.ReadAllAsync()).Select(e => e.At).ToArray();

        Assert.InRange(ats[0].Ticks, before.Ticks, after.Ticks);
        Assert.True(ats[1] - after >= TimeSpan.FromHours(2) - (after - before));
        Assert.Equal(clock.FrozenAt, ats[2]);
    }

    [Fact]
    public async Task A_start_is_refused_while_the_last_entry_lies_beyond_the_clock_of_the_database()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using (
            var ahead = await SharedNode.OpenAsync(
                connection,
                clock: () => new JournalClock(TimeSpan.FromMinutes(6), null)
            )
        )
        {
            _ = await ahead.Journal.AppendAsync("from the future");
        }

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => SharedNode.OpenAsync(connection));
        Assert.Equal(JournalRefusal.ClockBehind, refused.Refusal);
        await using var allowed = await SharedNode.OpenAsync(
            connection,
            SharedNode.Quick with
            {
                ClockLeadMax = TimeSpan.FromMinutes(7),
            }
        );
    }

    [Fact]
    public async Task A_payload_over_the_limit_is_refused_before_it_is_queued()
    {
        await using var node = await SharedNode.OpenAsync(await shared.CreateDatabaseAsync());
        var payload = new byte[SharedNode.Quick.PayloadBytesMax + 1];
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            node.Journal.AppendAsync(Guid.NewGuid(), payload).AsTask()
        );
    }

    [Fact]
    public async Task The_largest_payloads_are_stored_one_by_one()
    {
        await using var node = await SharedNode.OpenAsync(await shared.CreateDatabaseAsync());
        var payloads = Enumerable
            .Range(1, 3)
            .Select(i =>
                new byte[SharedNode.Quick.PayloadBytesMax]
                    .Select(_ => (byte)i)
                    .ToArray()
            )
            .ToArray();

        var appended = await Task.WhenAll(payloads.Select(p => node.Journal.AppendAsync(Guid.NewGuid(), p).AsTask()));

        var read = await node.Journal.ReadAllAsync();
        Assert.All(
            payloads.Zip(appended),
            pair => Assert.True(read[(int)pair.Second.Position - 1].Payload.Span.SequenceEqual(pair.First))
        );
    }

    private static async Task<Instant> NowAsync(string connection) =>
        new((long)(await connection.SqlAsync("select openpresence.now_ticks()"))!);
}
