using System.Data;
using Npgsql;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Snapshots in rows of <see cref="PostgresJournalOptions.SnapshotChunkBytes"/>: each row its own transaction, so that nothing
/// holds back the database's own cleaning, and a last one that makes the whole count. Written by one node at a time.
/// </summary>
/// <remarks>
/// None of this waits for the disk or a replica (<c>synchronous_commit</c> off): what PostgreSQL keeps after a crash is
/// always everything up to some moment, so a snapshot that counts has all its rows, and entries that are gone have a
/// snapshot that stands for them.
/// </remarks>
internal sealed class PostgresSnapshots(Database database, PostgresJournalOptions options)
{
    private readonly SnapshotTrimmer _trimmer = new(options.CommandIdsKept);

    /// <summary>The newest, streamed from the database while it is read; null: there is none.</summary>
    public async ValueTask<JournalSnapshot?> OpenNewestAsync(CancellationToken cancel)
    {
        var connection = await database.Source.OpenConnectionAsync(cancel);
        try
        {
            // One moment for both questions: the snapshot may be trimmed in between.
            var moment = await connection.BeginTransactionAsync(
                IsolationLevel.RepeatableRead,
                cancel
            );
            if (await FindNewestAsync(connection, cancel) is not var (position, at, bytes))
            {
                await connection.DisposeAsync();
                return null;
            }

            var chunks = new NpgsqlCommand(
                "select number, checksum, content from openpresence.snapshot_chunks "
                    + "where position = $1 order by number",
                connection
            )
            {
                Parameters = { BatchRows.Long(position) },
            };
            var rows = await chunks.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
            return new JournalSnapshot(
                position,
                at,
                new SnapshotChunkReader(position, bytes, rows, chunks, moment, connection)
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes one, unless another node is at it or has written a newer one; then trims.</summary>
    public async ValueTask WriteAsync(
        long position,
        Instant at,
        Func<Stream, CancellationToken, ValueTask> write,
        CancellationToken cancel
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        if (!await LockAsync(connection, cancel))
        {
            return;
        }

        try
        {
            await SendAsync(connection, "set synchronous_commit = off", cancel);
            await SnapshotTrimmer.DropUnfinishedAsync(connection, cancel);
            var newest = await FindNewestAsync(connection, cancel);
            if (newest is null || newest.Value.Position < position)
            {
                await WriteChunksAsync(connection, position, at, write, cancel);
                await _trimmer.TrimAsync(connection, cancel);
            }
            else if (newest.Value.Position == position)
            {
                // The same state is the same bytes: there is nothing to store, only to see whether it can be written.
                await write(Stream.Null, cancel);
            }
        }
        finally
        {
            // By name: a connection that goes back to the pool keeps its locks until somebody takes it out again.
            await UnlockAsync(connection);
        }
    }

    private static async Task WriteChunksAsync(
        NpgsqlConnection connection,
        long position,
        Instant at,
        Func<Stream, CancellationToken, ValueTask> write,
        CancellationToken cancel
    )
    {
        await SendAsync(
            connection,
            $"insert into openpresence.snapshots (position, at) values ({position}, {at.Ticks})",
            cancel
        );
        await using var stream = new SnapshotChunkWriter(connection, position);
        await write(stream, cancel);
        cancel.ThrowIfCancellationRequested();
        stream.Finish();
        await SendAsync(
            connection,
            $"update openpresence.snapshots set complete = true, bytes = {stream.Bytes} "
                + $"where position = {position}",
            cancel
        );
    }

    private static async Task<(long Position, Instant At, long Bytes)?> FindNewestAsync(
        NpgsqlConnection connection,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(
            "select position, at, bytes from openpresence.snapshots where complete "
                + "order by position desc limit 1",
            connection
        );
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? (row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetInt64(2))
            : null;
    }

    private static async Task<bool> LockAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"select pg_try_advisory_lock({AdvisoryLocks.Space}, {AdvisoryLocks.Snapshot})",
            connection
        );
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        // A connection that is lost has lost its locks, too.
        if (connection.State == ConnectionState.Open)
        {
            await SendAsync(
                connection,
                $"select pg_advisory_unlock({AdvisoryLocks.Space}, {AdvisoryLocks.Snapshot})",
                CancellationToken.None
            );
        }
    }

    private static async Task SendAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        _ = await command.ExecuteNonQueryAsync(cancel);
    }
}
