using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>
/// Commits that wait for a standby, and somebody who cancels the wait. PostgreSQL then keeps what was written, warns, and
/// answers as if all were well.
/// </summary>
public sealed class ReplicaWaitTests
{
    private const string Waiting =
        "from pg_stat_activity where datname = current_database() and wait_event = 'SyncRep' "
        + "and query like '%openpresence.append%'";

    private const string AnAppendWaits = "select exists (select " + Waiting + ")";
    private const string CancelIt = "select count(pg_cancel_backend(pid)) " + Waiting;
    private const string IsVisible = "select exists (select from openpresence.batches where last = 2)";

    [Fact]
    public async Task An_append_whose_wait_for_the_standby_was_cancelled_is_answered_when_the_standby_has_it()
    {
        SharedPostgres.Want();
        await using var primary = await PostgresServer.StartAsync();
        var connection = await primary.CreateDatabaseAsync();
        await using var standby = await primary.StartStandbyAsync(isSynchronous: true);
        await using var node = await SharedNode.OpenAsync(connection);
        _ = await node.Journal.AppendAsync("before");

        await standby.StopAsync();
        var append = node.Journal.AppendAsync("once");
        await connection.UntilAsync(AnAppendWaits);
        Assert.Equal(1L, await connection.SqlAsync(CancelIt));
        await connection.UntilAsync(IsVisible);
        // The same append again, by its id.
        await connection.UntilAsync(AnAppendWaits);
        Assert.NotNull(node.Journal.Fault);
        Assert.False(append.IsCompleted);

        await standby.StartAgainAsync();
        Assert.Equal(2, await append);
        await primary.KillAsync();
        await standby.PromoteAsync();
        var promoted = connection.Replace($"Port={primary.Port}", $"Port={standby.Port}", StringComparison.Ordinal);
        Assert.True(await promoted.SqlAsync(IsVisible) as bool?);
        Assert.Equal(2L, await promoted.SqlAsync("select max(last) from openpresence.batches"));
    }
}
