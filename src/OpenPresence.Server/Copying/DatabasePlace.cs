using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Photos;

namespace OpenPresence.Server.Copying;

/// <summary>A database. Nothing of the connection string but host and database is ever put in words.</summary>
internal sealed class DatabasePlace(string connection, string? passwordFile, ILoggerFactory logs) : JournalPlace
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
                logs.CreateLogger<PostgresJournal>(),
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

    /// <summary>Compares the nodes that serve from it.</summary>
    public async Task<Verified> VerifyAsync(TimeProvider time, TimeSpan within, CancellationToken cancel)
    {
        await using var database = await OpenDatabaseAsync(cancel);
        await using var opened = await OpenAsync(time, cancel);
        return opened.Journal.LastPosition == 0
            ? throw Refusals.NothingThere(Where)
            : await new Verification(database, opened, time).RunAsync(within, cancel);
    }

    /// <inheritdoc />
    internal override async Task CheckAtRestAsync(CancellationToken cancel)
    {
        await using var database = await OpenDatabaseAsync(cancel);
        if (await LiveNodes.FindAsync(database, cancel) is { Count: > 0 } live)
        {
            throw Refusals.Served(Where, live.Select(node => node.Name));
        }
    }

    /// <inheritdoc />
    internal override async Task<ICopyTarget> BeginAsync(CancellationToken cancel) =>
        await PostgresCopyTarget.BeginAsync(await OpenDatabaseAsync(cancel), cancel);

    /// <inheritdoc />
    internal override async IAsyncEnumerable<byte[]> PicturesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await using var database = await OpenDatabaseAsync(cancel);
        await using var select = database.Source.CreateCommand("select content from openpresence.photos");
        await using var rows = await select.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            yield return rows.GetFieldValue<byte[]>(0);
        }
    }

    /// <inheritdoc />
    internal override async Task<int> KeepAsync(IAsyncEnumerable<byte[]> pictures)
    {
        await using var database = await OpenDatabaseAsync(CancellationToken.None);
        var (photos, kept) = (new PhotoTable(database), 0);
        await foreach (var picture in pictures)
        {
            await photos.StoreAsync(PhotoFiles.NameOf(picture), picture);
            kept++;
        }
        return kept;
    }

    private Task<Database> OpenDatabaseAsync(CancellationToken cancel) =>
        Database.OpenAsync(connection, passwordFile, NullLogger.Instance, cancel);

    private static async Task<long> FirstPositionAsync(Database database, long last, CancellationToken cancel)
    {
        await using var look = database.Source.CreateCommand(
            "select first from openpresence.batches order by last limit 1"
        );
        return await look.ExecuteScalarAsync(cancel) as long? ?? last + 1;
    }
}
