using Microsoft.Extensions.Logging;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>The way to the database: its schema, and that its secrets stay where they are.</summary>
public sealed class DatabaseTests(SharedPostgres shared)
{
    private const string Secret = "correct-horse";

    [Fact]
    public async Task Nodes_that_start_together_make_the_schema_once()
    {
        var connection = await shared.CreateDatabaseAsync();

        var databases = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => OpenAsync(connection)));

        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
        Assert.Equal(Migrations.Known, await connection.SqlAsync("select version from openpresence.meta"));
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_refused()
    {
        var connection = await shared.CreateDatabaseAsync();
        await (await OpenAsync(connection)).DisposeAsync();
        _ = await connection.SqlAsync("update openpresence.meta set version = version + 1");

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => OpenAsync(connection));

        Assert.Equal(JournalRefusal.UnknownFormat, refused.Refusal);
        Assert.Contains($"{Migrations.Known + 1}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_may_stand_in_a_file()
    {
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(await shared.CreateDatabaseAsync());
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, connection.Password + "\n", TestContext.Current.CancellationToken);
            connection.Password = null;
            await using var database = await OpenAsync(connection.ConnectionString, file);
            await using var command = database.Source.CreateCommand("select 1");
            Assert.Equal(1, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task No_statement_is_compiled_by_the_database()
    {
        await using var database = await OpenAsync(await shared.CreateDatabaseAsync());
        await using var connection = await database.OpenAloneAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(
            "explain (analyze) select name from openpresence.nodes where seen_at > clock_timestamp()",
            connection
        );
        var plan = new List<string>();
        await using var lines = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await lines.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(lines.GetString(0));
        }
        Assert.Contains(plan, line => line.Contains("Seq Scan on nodes", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.StartsWith("JIT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Database=x;Username=u;Password=" + Secret + ";Port=1")]
    [InlineData("Host=127.0.0.1;Pasword=" + Secret)]
    [InlineData("Password=" + Secret)]
    [InlineData("postgres://u:" + Secret + "@127.0.0.1/x")]
    [InlineData(Secret)]
    public async Task No_part_of_a_connection_string_is_repeated_when_it_fails(string connection)
    {
        var lines = new LogLines();
        using var logs = LoggerFactory.Create(build => build.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() =>
            Database.OpenAsync(connection, null, logs.CreateLogger<Database>(), CancellationToken.None)
        );

        Assert.True(failure is JournalRefusedException or JournalUnavailableException);
        Assert.DoesNotContain(Secret, $"{failure}", StringComparison.Ordinal);
        Assert.DoesNotContain(lines.All, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_log_of_a_journal_that_loses_its_database_holds_the_password()
    {
        SharedPostgres.Want();
        await using var server = await PostgresServer.StartAsync();
        var lines = new LogLines();
        await using (var node = await SharedNode.OpenAsync(await server.CreateDatabaseAsync(), lines: lines))
        {
            _ = await node.Journal.AppendAsync("x");
            await server.StopAsync();
            await Eventually.IsSoAsync(() => node.Journal.Fault is not null);
            Assert.DoesNotContain(PostgresServer.Password, node.Journal.Fault, StringComparison.Ordinal);
        }

        Assert.Contains(lines.All, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.All, line => line.Contains(PostgresServer.Password, StringComparison.Ordinal));
    }

    private static Task<Database> OpenAsync(string connection, string? passwordFile = null) =>
        Database.OpenAsync(
            connection,
            passwordFile,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            CancellationToken.None
        );
}
