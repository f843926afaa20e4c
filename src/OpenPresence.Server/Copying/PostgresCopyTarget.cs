using Npgsql;
using NpgsqlTypes;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Appending;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Copying;

/// <summary>
/// Writes a copy as rows of a database, all in one transaction that holds the lock of appends: a server that starts
/// meanwhile waits, and finds a whole journal or none.
/// </summary>
internal sealed class PostgresCopyTarget : ICopyTarget
{
    /// <summary>A row holds entries of one instant, and not more bytes than this if it holds several.</summary>
    private const int BatchBytesMax = 256 << 10;

    /// <summary>Nobody's node: whoever copied is gone.</summary>
    private static readonly Guid Node = Guid.Empty;

    private readonly Database database;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly List<Entry> batch = [];
    private int batchBytes;
    private NpgsqlBinaryImporter? rows;

    private PostgresCopyTarget(Database database, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.database, this.connection, this.transaction) = (database, connection, transaction);

    /// <summary>Begins a copy in a database without entries; takes it over.</summary>
    /// <exception cref="JournalRefusedException">There are some.</exception>
    public static async Task<PostgresCopyTarget> BeginAsync(Database database, CancellationToken cancel)
    {
        var opened = await database.Source.OpenConnectionAsync(cancel);
        var begun = await opened.BeginTransactionAsync(cancel);
        var target = new PostgresCopyTarget(database, opened, begun);
        try
        {
            await using var look = new NpgsqlCommand(
                $"select pg_advisory_xact_lock({AdvisoryLocks.Space}, {AdvisoryLocks.Append}); "
                    + "select exists (select from openpresence.batches) "
                    + "or exists (select from openpresence.snapshots)",
                opened
            );
            await using var row = await look.ExecuteReaderAsync(cancel);
            await row.NextResultAsync(cancel);
            await row.ReadAsync(cancel);
            return row.GetBoolean(0) ? throw Refusals.NotEmpty(database.Where) : target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async Task WriteSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel)
    {
        await using var chunks = new SnapshotChunkWriter(connection, snapshot.Position);
        await snapshot.Content.CopyToAsync(chunks, cancel);
        chunks.Finish();
        await using var insert = new NpgsqlCommand(
            "insert into openpresence.snapshots (position, at, bytes, complete) "
                + $"values ({snapshot.Position}, {snapshot.At.Ticks}, {chunks.Bytes}, true)",
            connection
        );
        await insert.ExecuteNonQueryAsync(cancel);
    }

    /// <inheritdoc />
    public async Task WriteAsync(IReadOnlyList<Entry> entries, CancellationToken cancel)
    {
        foreach (var entry in entries)
        {
            var bytes = BatchCodec.BytesOf(entry.Payload.Length);
            if (
                batch.Count > 0
                && (
                    batch[^1].At != entry.At
                    || batch.Count == AppendQueue.BatchEntriesMax
                    || batchBytes + bytes > BatchBytesMax
                )
            )
            {
                await WriteBatchAsync(cancel);
            }
            batch.Add(entry);
            batchBytes += bytes;
        }
        // The entries are the reader's, and may not be there any more at the next call.
        await WriteBatchAsync(cancel);
    }

    /// <inheritdoc />
    public async Task CompleteAsync(CancellationToken cancel)
    {
        if (rows is not null)
        {
            await rows.CompleteAsync(cancel);
            await rows.DisposeAsync();
            rows = null;
        }
        await transaction.CommitAsync(cancel);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (rows is not null)
        {
            await rows.DisposeAsync(); // takes back what was not completed
        }
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task WriteBatchAsync(CancellationToken cancel)
    {
        if (batch.Count == 0)
        {
            return;
        }
        var bytes = new byte[batchBytes];
        var at = 0;
        foreach (var entry in batch)
        {
            at += BatchCodec.Write(bytes.AsSpan(at), entry.CommandId, entry.Payload.Span);
        }
        rows ??= await connection.BeginBinaryImportAsync(
            "copy openpresence.batches (first, last, at, id, node, checksum, entries) " + "from stdin (format binary)",
            cancel
        );
        await rows.StartRowAsync(cancel);
        await rows.WriteAsync(batch[0].Position, NpgsqlDbType.Bigint, cancel);
        await rows.WriteAsync(batch[^1].Position, NpgsqlDbType.Bigint, cancel);
        await rows.WriteAsync(batch[0].At.Ticks, NpgsqlDbType.Bigint, cancel);
        await rows.WriteAsync(batch[0].CommandId, NpgsqlDbType.Uuid, cancel);
        await rows.WriteAsync(Node, NpgsqlDbType.Uuid, cancel);
        await rows.WriteAsync((int)Crc32C.Of(bytes), NpgsqlDbType.Integer, cancel);
        await rows.WriteAsync(bytes, NpgsqlDbType.Bytea, cancel);
        batch.Clear();
        batchBytes = 0;
    }
}
