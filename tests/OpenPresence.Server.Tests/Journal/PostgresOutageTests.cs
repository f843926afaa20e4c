using OpenPresence.Server.Journal;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>The database goes away, comes back, or comes back as another one.</summary>
public sealed class PostgresOutageTests(SharedPostgres shared)
{
    [Fact]
    public async Task While_the_server_is_stopped_appends_are_refused_and_afterwards_they_go_on()
    {
        SharedPostgres.Want();
        await using var server = await PostgresServer.StartAsync();
        await using var node = await SharedNode.OpenAsync(await server.CreateDatabaseAsync());
        _ = await node.Journal.AppendAsync("before");

        await server.StopAsync();
        await Eventually.IsSoAsync(() => node.Journal.Fault is not null);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => node.Journal.AppendAsync("meanwhile"));
        Assert.True(node.Journal.Lag.Time > TimeSpan.Zero);
        await Assert.ThrowsAsync<JournalUnavailableException>(() =>
            node.Journal.FindLastPositionAsync(CancellationToken.None).AsTask()
        );

        await server.StartAgainAsync();
        await Eventually.IsSoAsync(() => node.Journal.Fault is null);
        Assert.Equal(2, await node.Journal.AppendAsync("after"));
        Assert.Equal(["before", "after"], await node.Journal.ReadTextsAsync());
        await Eventually.IsSoAsync(() => node.Journal.Lag == default);
    }

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_stored_once_and_answered()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        Task<long> append;
        await using (await Held.AppendLockAsync(connection))
        {
            append = node.Journal.AppendAsync("once");
            await connection.UntilAsync(Held.SomebodyWaits);
            await connection.SqlAsync(Held.EndThoseWhoWait);
            // It waits again: the repeat.
            await connection.UntilAsync(Held.SomebodyWaits);
            Assert.False(append.IsCompleted);
        }

        Assert.Equal(1, await append);
        Assert.Equal(["once"], await node.Journal.ReadTextsAsync());
    }

    [Fact]
    public async Task An_append_that_was_stored_before_its_answer_was_lost_is_found_by_its_id()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var other = await SharedNode.OpenAsync(connection);
        await using var proxy = new CuttingProxy();
        await using var node = await SharedNode.OpenAsync(proxy.Before(connection));
        Task<long> append;
        await using (await Held.AppendLockAsync(connection))
        {
            append = node.Journal.AppendAsync("once");
            await connection.UntilAsync(Held.SomebodyWaits);
            proxy.LoseAnswers();
        }

        await proxy.Lost;
        Assert.Equal(2, await other.Journal.AppendAsync("then"));
        proxy.Heal();

        Assert.Equal(1, await append);
        await node.Journal.ReadsAsync(2);
        Assert.Equal(["once", "then"], await node.Journal.ReadTextsAsync());
    }

    [Fact]
    public async Task Callers_of_a_lost_append_are_told_in_time_that_it_is_not_known()
    {
        SharedPostgres.Want();
        await using var server = await PostgresServer.StartAsync();
        var connection = await server.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(
            connection,
            SharedNode.Quick with
            {
                AppendUnknownMax = TimeSpan.FromSeconds(1),
            }
        );
        var held = await Held.AppendLockAsync(connection);
        var append = node.Journal.AppendAsync("who knows");
        await connection.UntilAsync(Held.SomebodyWaits);

        await server.KillAsync();

        var unknown = await Assert.ThrowsAsync<JournalUnavailableException>(() => append);
        Assert.Contains("not known", unknown.Message, StringComparison.Ordinal);
        await held.DisposeAsync();
        await server.StartAgainAsync();
        await Eventually.IsSoAsync(() => node.Journal.Fault is null);
        Assert.Equal(1, await node.Journal.AppendAsync("after"));
    }

    [Fact]
    public async Task A_statement_that_the_server_refuses_fails_its_callers_at_once()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        _ = await connection.SqlAsync("alter table openpresence.batches add constraint full_disk check (last < 2)");
        _ = await node.Journal.AppendAsync("fits");

        await Assert.ThrowsAsync<JournalUnavailableException>(() => node.Journal.AppendAsync("does not"));

        _ = await connection.SqlAsync("alter table openpresence.batches drop constraint full_disk");
        await Eventually.IsSoAsync(() => node.Journal.Fault is null);
        Assert.Equal(2, await node.Journal.AppendAsync("fits again"));
        Assert.Equal(["fits", "fits again"], await node.Journal.ReadTextsAsync());
    }

    [Fact]
    public async Task An_append_is_answered_though_what_others_appended_could_not_be_read_with_it()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        await using var other = await SharedNode.OpenAsync(connection);
        _ = await other.Journal.AppendAsync("of another");
        await node.Journal.ReadsAsync(1);
        _ = await other.Journal.AppendAsync("of another");
        Assert.Equal(3, await node.Journal.AppendAsync("from now on it reads them, too"));

        // What is prepared for reading them is refused then, once.
        _ = await connection.SqlAsync("alter table openpresence.batches alter column first type numeric");

        Assert.Equal(4, await node.Journal.AppendAsync("stored"));
        await Eventually.IsSoAsync(() => node.Journal.Fault is null);
    }

    [Fact]
    public async Task A_lost_listener_costs_no_entry()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        for (var i = 1; i <= 3; i++)
        {
            _ = await connection.SqlAsync(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where "
                    + "datname = current_database() and pid <> pg_backend_pid() "
                    + "and query like '%as heard'"
            );
            await b.Journal.ReadsAsync(await a.Journal.AppendAsync($"{i}"));
        }

        Assert.Equal(["1", "2", "3"], await b.Journal.ReadTextsAsync());
    }

    [Theory]
    [InlineData("delete from openpresence.batches where last = 2")]
    [InlineData("update openpresence.batches set id = gen_random_uuid() where last = 2")]
    [InlineData("update openpresence.batches set checksum = 7 where last = 2")]
    public async Task A_database_without_what_this_node_applied_is_refused(string change)
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        _ = await node.Journal.AppendAsync("one");
        _ = await node.Journal.AppendAsync("two");
        using var bound = new CancellationTokenSource(JournalSteps.WaitMax);
        await using var reader = node.Journal.ReadAsync(2, bound.Token).GetAsyncEnumerator(bound.Token);
        var waiting = reader.MoveNextAsync().AsTask();

        _ = await connection.SqlAsync(change);
        await connection.CutAllAsync();

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => waiting);
        Assert.Equal(JournalRefusal.Diverged, refused.Refusal);
        Assert.Equal(refused.Message, node.Journal.Fault);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => node.Journal.AppendAsync("late"));
    }

    [Fact]
    public async Task A_database_without_what_this_node_applied_is_believed_in_nothing()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        var position = await node.Journal.AppendAsync("one");
        Assert.Equal(position, await node.Journal.FindLastPositionAsync(TestContext.Current.CancellationToken));

        // As another server would have it that one connection has met, and the writer's has not.
        _ = await connection.SqlAsync("update openpresence.batches set id = gen_random_uuid()");

        await Assert.ThrowsAsync<JournalUnavailableException>(() =>
            node.Journal.FindLastPositionAsync(TestContext.Current.CancellationToken).AsTask()
        );
        await Assert.ThrowsAsync<JournalUnavailableException>(() =>
            node.Journal.SnapshotAsync(position, "of a state that nobody else has").AsTask()
        );
        Assert.Null(await node.Journal.ReadSnapshotAsync());
    }

    [Fact]
    public async Task A_node_that_was_away_while_its_next_entry_went_is_refused()
    {
        SharedPostgres.Want();
        await using var server = await PostgresServer.StartAsync();
        var connection = await server.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        _ = await node.Journal.AppendAsync("one");
        using var bound = new CancellationTokenSource(JournalSteps.WaitMax);
        await using var reader = node.Journal.ReadAsync(1, bound.Token).GetAsyncEnumerator(bound.Token);
        var waiting = reader.MoveNextAsync().AsTask();

        _ = await connection.SqlAsync(
            "delete from openpresence.batches; insert into openpresence.batches "
                + "values (3, 3, 0, gen_random_uuid(), gen_random_uuid(), 0, '')"
        );
        await connection.CutAllAsync();

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => waiting);
        Assert.Equal(JournalRefusal.EntriesMissing, refused.Refusal);
    }

    [Fact]
    public async Task An_entry_whose_bytes_changed_is_refused()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using (var node = await SharedNode.OpenAsync(connection))
        {
            _ = await node.Journal.AppendAsync("whole");
        }

        _ = await connection.SqlAsync("update openpresence.batches set entries = set_byte(entries, 22, 0)");

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => SharedNode.OpenAsync(connection));
        Assert.Equal(JournalRefusal.Damaged, refused.Refusal);
        Assert.Equal(1, refused.Position);
    }

    [Fact]
    public async Task A_caller_that_waits_for_a_reader_is_told_when_none_can_come()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        var appender = new WaitingAppender();
        node.Journal.Append(Guid.NewGuid(), "x"u8.ToArray(), appender);
        await node.Journal.ReadsAsync(1);

        _ = await connection.SqlAsync("delete from openpresence.batches");
        await connection.CutAllAsync();

        await Assert.ThrowsAsync<JournalUnavailableException>(() =>
            appender.Failed.Task.WaitAsync(JournalSteps.WaitMax, TestContext.Current.CancellationToken)
        );
    }

    private sealed class WaitingAppender : IAppender
    {
        public TaskCompletionSource Failed { get; } = new();

        public void Fail(Exception failure) => Failed.SetException(failure);
    }
}
