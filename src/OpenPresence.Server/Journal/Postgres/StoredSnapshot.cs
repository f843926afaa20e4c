using System.Data;
using Npgsql;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>A snapshot that is complete, as its row tells of it; whether it is whole is another matter.</summary>
internal readonly record struct StoredSnapshot(long Position, Instant At, long Bytes)
{
    /// <summary>The newest of all, or of those before a position; null: there is none.</summary>
    public static async Task<StoredSnapshot?> FindNewestAsync(
        NpgsqlConnection connection,
        long before,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(
            "select position, at, bytes from openpresence.snapshots "
                + "where complete and position < $1 order by position desc limit 1",
            connection
        )
        {
            Parameters = { BatchRows.Long(before) },
        };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new(row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetInt64(2)) : null;
    }

    /// <summary>Its content, streamed from the database while it is read.</summary>
    /// <param name="connection">Nothing else is asked through it meanwhile.</param>
    /// <param name="owned">Disposed of with the stream, in order.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<SnapshotChunkReader> OpenAsync(
        NpgsqlConnection connection,
        IDisposable[] owned,
        CancellationToken cancel
    )
    {
        var chunks = new NpgsqlCommand(
            "select number, checksum, content from openpresence.snapshot_chunks "
                + "where position = $1 order by number",
            connection
        )
        {
            Parameters = { BatchRows.Long(Position) },
        };
        var rows = await chunks.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
        return new SnapshotChunkReader(this, rows, [chunks, .. owned]);
    }

    /// <summary>Reads it to its last byte; a sentence that says what is wrong with it, or null.</summary>
    public async Task<string?> FindDamageAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            using var content = await OpenAsync(connection, [], cancel);
            var piece = new byte[PostgresJournalOptions.SnapshotChunkBytes];
            while (content.Read(piece) > 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            return null;
        }
        catch (PostgresException e) when (DatabaseFailure.IsDamage(e))
        {
            return PostgresRefusals.SnapshotDamaged(Position, 0, e).Message;
        }
        catch (JournalRefusedException e) when (e.Refusal == JournalRefusal.Damaged)
        {
            return e.Message;
        }
    }
}
