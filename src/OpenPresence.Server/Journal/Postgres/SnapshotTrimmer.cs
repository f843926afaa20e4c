using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Removes what no start needs any more, in steps that are short enough to be in nobody's way. For who holds the snapshots'
/// lock.
/// </summary>
/// <param name="commandIdsKept">So many entries before the oldest kept snapshot stay, for their ids.</param>
internal sealed class SnapshotTrimmer(int commandIdsKept)
{
    private const int ChunksPerStep = 32;
    private const int BatchesPerStep = 512;

    /// <summary>What a node left that did not finish its snapshot.</summary>
    public static async Task DropUnfinishedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await RepeatAsync(connection, "delete from openpresence.snapshots where not complete", cancel);
        await DropChunksAsync(connection, cancel);
    }

    /// <summary>One that cannot be read; false: it stays, since nothing else says where the journal ends.</summary>
    public static async Task<bool> DropDamagedAsync(
        NpgsqlConnection connection,
        long position,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(
            $"delete from openpresence.snapshots where position = {position} "
                + "and exists (select from openpresence.batches)",
            connection
        );
        var isGone = await command.ExecuteNonQueryAsync(cancel) > 0;
        await DropChunksAsync(connection, cancel);
        return isGone;
    }

    /// <summary>Keeps the newest snapshots, and the entries that a start with the oldest of them would read.</summary>
    public async Task TrimAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (await OldestKeptAsync(connection, cancel) is not { } oldest)
        {
            return;
        }

        await RepeatAsync(connection, $"delete from openpresence.snapshots where position < {oldest}", cancel);
        await DropChunksAsync(connection, cancel);
        await RepeatAsync(
            connection,
            "delete from openpresence.batches where last = any (array(select last "
                + $"from openpresence.batches where last <= {oldest - commandIdsKept} "
                + $"order by last limit {BatchesPerStep}))",
            cancel
        );
    }

    // The snapshots themselves went first, so that nobody begins to read one whose pieces are going.
    private static Task DropChunksAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        RepeatAsync(
            connection,
            "delete from openpresence.snapshot_chunks where ctid = any (array(select c.ctid "
                + "from openpresence.snapshot_chunks c where not exists (select from "
                + "openpresence.snapshots s where s.position = c.position) "
                + $"limit {ChunksPerStep}))",
            cancel
        );

    private static async Task<long?> OldestKeptAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select position from openpresence.snapshots where complete order by position desc "
                + $"offset {JournalOptions.SnapshotsKept - 1} limit 1",
            connection
        );
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    /// <summary>Sends a statement until it has nothing left to do.</summary>
    private static async Task RepeatAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        while (await command.ExecuteNonQueryAsync(cancel) > 0) { }
    }
}
