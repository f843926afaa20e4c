using Npgsql;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>The fixture itself: what the tests of the journal take for granted.</summary>
public sealed class PostgresServerTests(SharedPostgres shared)
{
    [Fact]
    public async Task Two_databases_of_the_shared_server_are_apart()
    {
        Assert.NotEqual(await shared.CreateDatabaseAsync(), await shared.CreateDatabaseAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_committed_is_there_after_an_end_of_either_kind(bool isKilled)
    {
        SharedPostgres.Want();
        await using var server = await PostgresServer.StartAsync(new() { IsDurable = true });
        await server.SqlAsync("create table seen as select 7 as number");

        await (isKilled ? server.KillAsync() : server.StopAsync());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => server.SqlAsync("select 1"));
        await server.StartAgainAsync();

        Assert.Equal("7", await server.SqlAsync("select number from seen"));
    }

    [Fact]
    public async Task A_promoted_standby_has_what_a_killed_server_acknowledged_and_takes_writes()
    {
        SharedPostgres.Want();
        await using var first = await PostgresServer.StartAsync();
        await using var standby = await first.StartStandbyAsync(isSynchronous: true);
        await first.SqlAsync("create table seen as select 7 as number");
        await Assert.ThrowsAsync<PostgresException>(() => standby.SqlAsync("insert into seen values (8)"));

        await first.KillAsync();
        await standby.PromoteAsync();
        await standby.SqlAsync("insert into seen values (8)");

        Assert.Equal("7\n8", await standby.SqlAsync("select number from seen order by number"));
    }
}
