using System.Data;
using Npgsql;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Snapshots in rows of <see cref="PostgresJournalOptions.SnapshotChunkBytes"/>: each row its own transaction, so that nothing
/// holds back the database's own cleaning, and a last one that makes the whole count. Written by one node at a time.
/// </summary>
/// <remarks>
/// <para>None of this waits for the disk or a replica (<c>synchronous_commit</c> off): what PostgreSQL keeps after a crash
/// is always everything up to some moment, so a snapshot that counts has all its rows, and entries that are gone have a
/// snapshot that stands for them.</para>
/// <para>Disks rot all the same, and a node that cannot start is worse than one that reads more entries. So a snapshot is
/// read to its end before anybody builds on it, and a damaged one gives way to the one before. Whoever reads leaves it
/// there, for the fault may be the reader's own memory; it goes when the next one is written, so that of the two that are
/// kept both can be read.</para>
/// </remarks>
/// <param name="database">Where they are.</param>
/// <param name="mark">The newest batch of this node's history; asked before one is written.</param>
/// <param name="options">Settings.</param>
/// <param name="logger">Told of those that are damaged.</param>
internal sealed class PostgresSnapshots(
    Database database,
    Func<BatchMark?> mark,
    PostgresJournalOptions options,
    ILogger logger
)
{
    private readonly SnapshotTrimmer _trimmer = new(options.CommandIdsKept);

    /// <summary>
    /// The newest that is whole, streamed from the database while it is read; null: there is none, and entries go back to
    /// the first.
    /// </summary>
    /// <exception cref="JournalRefusedException">None is whole, and the entries before them are gone.</exception>
    public async ValueTask<JournalSnapshot?> OpenNewestAsync(CancellationToken cancel)
    {
        long? damaged = null;
        while (true)
        {
            var connection = await database.Source.OpenConnectionAsync(cancel);
            JournalSnapshot? opened = null;
            try
            {
                // One moment for all questions: a snapshot may be trimmed in between. Another one for each attempt, since
                // damage that PostgreSQL finds by itself ends a transaction.
                var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
                if (await FindNextAsync(connection, damaged, cancel) is not { } next)
                {
                    return null;
                }

                if (await next.FindDamageAsync(connection, cancel) is { } damage)
                {
                    logger.LogWarning("{Damage} What is before it is read instead.", damage);
                    damaged = next.Position;
                    continue;
                }

                var content = await next.OpenAsync(connection, [moment, connection], cancel);
                opened = new JournalSnapshot(next.Position, next.At, content);
                return opened;
            }
            finally
            {
                await (opened is null ? connection.DisposeAsync() : ValueTask.CompletedTask);
            }
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
        await using var held = await SessionLock.TryTakeAsync(connection, AdvisoryLocks.Snapshot, cancel);
        if (held is null)
        {
            return;
        }

        await ThrowIfStrangerAsync(connection, cancel);
        await Database.SendAsync(connection, "set synchronous_commit = off", cancel);
        await SnapshotTrimmer.DropUnfinishedAsync(connection, cancel);
        var newest = await FindNewestWholeAsync(connection, position, cancel);
        if (newest is null || newest < position)
        {
            await WriteChunksAsync(connection, position, at, write, cancel);
            await _trimmer.TrimAsync(connection, cancel);
        }
        else if (newest == position)
        {
            // The same state is the same bytes: there is nothing to store, only to see whether it can be written.
            await write(Stream.Null, cancel);
        }
    }

    /// <summary>
    /// The position of the newest, after those have gone that are damaged: before one is written, for then a damaged one
    /// would count as one of the two. One that is newer than what is to be written is nobody's concern here.
    /// </summary>
    private async Task<long?> FindNewestWholeAsync(NpgsqlConnection connection, long position, CancellationToken cancel)
    {
        while (true)
        {
            var found = await StoredSnapshot.FindNewestAsync(connection, long.MaxValue, cancel);
            if (
                found is not { } newest
                || newest.Position > position
                || await newest.FindDamageAsync(connection, cancel) is not { } damage
                || !await SnapshotTrimmer.DropDamagedAsync(connection, newest.Position, cancel)
            )
            {
                return found?.Position;
            }

            logger.LogWarning("{Damage} It was removed.", damage);
        }
    }

    /// <summary>
    /// The newest, or the one before a damaged one if all entries after it are there; null: there is none, and entries
    /// go back to the first, or nobody ever wrote one.
    /// </summary>
    private static async Task<StoredSnapshot?> FindNextAsync(
        NpgsqlConnection connection,
        long? damaged,
        CancellationToken cancel
    )
    {
        var found = await StoredSnapshot.FindNewestAsync(connection, damaged ?? long.MaxValue, cancel);
        return damaged is not { } beyond || await GoesOnAfterAsync(connection, found?.Position ?? 0, cancel)
            ? found
            : throw PostgresRefusals.NoSnapshotWhole(beyond);
    }

    /// <summary>Whether every entry after a position is still there.</summary>
    private static async Task<bool> GoesOnAfterAsync(
        NpgsqlConnection connection,
        long position,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(BatchRows.First, connection);
        return await command.ExecuteScalarAsync(cancel) is long first && first <= position + 1;
    }

    /// <summary>
    /// A server that took another's place may lack what this node's state was made of, and this be the first to see it.
    /// Whoever started from such a snapshot would have a state that nobody else has.
    /// </summary>
    private async Task ThrowIfStrangerAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var known = mark();
        if (!(await BatchRows.AskTipAsync(connection, known, cancel)).Holds)
        {
            throw new JournalUnavailableException(PostgresRefusals.Diverged(database.Where, known!.Last).Message);
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
        await Database.SendAsync(
            connection,
            $"insert into openpresence.snapshots (position, at) values ({position}, {at.Ticks})",
            cancel
        );
        await using var stream = new SnapshotChunkWriter(connection, position);
        await write(stream, cancel);
        cancel.ThrowIfCancellationRequested();
        stream.Finish();
        await Database.SendAsync(
            connection,
            $"update openpresence.snapshots set complete = true, bytes = {stream.Bytes} "
                + $"where position = {position}",
            cancel
        );
    }
}
