using Microsoft.Extensions.Logging;
using Npgsql;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>One node's side of a shared journal: its connections and its journal, closed together.</summary>
internal sealed class SharedNode : IAsyncDisposable
{
    private readonly Database _database;

    private SharedNode(Database database, PostgresJournal journal) => (_database, Journal) = (database, journal);

    public PostgresJournal Journal { get; }

    public static async Task<SharedNode> OpenAsync(
        string connection,
        PostgresJournalOptions? options = null,
        Func<JournalClock>? clock = null,
        LogLines? lines = null
    )
    {
        using var logs = LoggerFactory.Create(build =>
            _ = lines is null ? build : build.SetMinimumLevel(LogLevel.Trace).AddProvider(lines)
        );
        var database = await Database.OpenAsync(
            connection,
            null,
            logs.CreateLogger<Database>(),
            CancellationToken.None
        );
        try
        {
            var journal = await PostgresJournal.OpenAsync(
                database,
                options ?? Quick,
                clock ?? (() => default),
                TimeProvider.System,
                logs.CreateLogger<PostgresJournal>(),
                CancellationToken.None
            );
            return new SharedNode(database, journal);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries soon again, so that tests of outages are short.</summary>
    public static PostgresJournalOptions Quick { get; } =
        new()
        {
            RetryFirst = TimeSpan.FromMilliseconds(10),
            RetryMax = TimeSpan.FromMilliseconds(50),
            PollEvery = TimeSpan.FromMilliseconds(100),
        };

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>Short words for what tests of the shared journal do to the database behind its back.</summary>
internal static class PostgresSteps
{
    public static async Task<object?> SqlAsync(this string connection, string statement)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends the connections of everybody else to this database.</summary>
    public static Task CutAllAsync(this string connection) =>
        connection.SqlAsync(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                + "where datname = current_database() and pid <> pg_backend_pid()"
        );

    /// <summary>Changes a byte of a snapshot's last chunk.</summary>
    public static Task DamageSnapshotAsync(this string connection, long position) =>
        connection.SqlAsync(
            "update openpresence.snapshot_chunks "
                + "set content = set_byte(content, 2, get_byte(content, 2) # 1) "
                + $"where position = {position} and number = (select max(number) "
                + $"from openpresence.snapshot_chunks where position = {position})"
        );

    /// <summary>Waits until a question that the database is asked is answered with true.</summary>
    public static async Task UntilAsync(this string connection, string question)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(question);
        await Eventually.IsSoAsync(
            async () => await command.ExecuteScalarAsync(CancellationToken.None) is true,
            () => question
        );
    }

    /// <summary>Waits until a node has read to a position.</summary>
    public static Task ReadsAsync(this PostgresJournal journal, long position) =>
        Eventually.IsSoAsync(() => journal.LastPosition >= position);
}
