using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Journal.Copying;

/// <summary>A database. Nothing of the connection string but host and database is ever put in words.</summary>
internal sealed class DatabasePlace(string connection, string? passwordFile) : JournalPlace
{
    /// <inheritdoc />
    public override string Where { get; } =
        DatabaseAddress.TryParse(connection, passwordFile, out _)?.Where ?? "the database";

    /// <inheritdoc />
    public override async Task<OpenedJournal> OpenAsync(TimeProvider time, CancellationToken cancel)
    {
        var database = await OpenDatabaseAsync(cancel);
        try
        {
            var journal = await PostgresJournal.OpenAsync(
                database,
                // A copy is no judge of clocks.
                new PostgresJournalOptions { ClockLeadMax = TimeSpan.MaxValue },
                () => default,
                time,
                NullLogger<PostgresJournal>.Instance,
                cancel
            );
            var first = await FirstPositionAsync(database, journal.LastPosition, cancel);
            return new OpenedJournal(journal, first, Where, database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    internal override async Task<ICopyTarget> BeginAsync(CancellationToken cancel) =>
        await PostgresCopyTarget.BeginAsync(await OpenDatabaseAsync(cancel), cancel);

    private Task<Database> OpenDatabaseAsync(CancellationToken cancel) =>
        Database.OpenAsync(connection, passwordFile, NullLogger.Instance, cancel);

    private static async Task<long> FirstPositionAsync(
        Database database,
        long last,
        CancellationToken cancel
    )
    {
        await using var look = database.Source.CreateCommand(
            "select first from openpresence.batches order by last limit 1"
        );
        return await look.ExecuteScalarAsync(cancel) as long? ?? last + 1;
    }
}
