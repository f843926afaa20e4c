using Npgsql;
using NpgsqlTypes;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>How batches are asked for, and what a row of the answer means.</summary>
internal static class BatchRows
{
    /// <summary>Those after a position through another, at most so many.</summary>
    public const string After =
        "select first, last, at, id, checksum, entries from openpresence.batches "
        + "where last > $1 and last <= $2 order by last limit $3";

    /// <summary>Those after a position but one, at most so many.</summary>
    public const string Others =
        "select first, last, at, id, checksum, entries from openpresence.batches "
        + "where last > $1 and id <> $2 order by last limit $3";

    /// <summary>Those of <see cref="After"/>, with the id of the batch that ends at a third position, as of the same moment.</summary>
    public const string AfterWithMark =
        "select first, last, at, id, checksum, entries, "
        + "(select m.id from openpresence.batches m where m.last = $4) "
        + "from openpresence.batches where last > $1 and last <= $2 order by last limit $3";

    /// <summary>The end of the journal, and whether it holds a batch (position, id; null: none is known), at one moment.</summary>
    public const string TipWithMark =
        "select t.last, $1 is null or exists "
        + "(select from openpresence.batches b where b.last = $1 and b.id = $2) "
        + "from openpresence.tip() t";

    /// <summary>The end of the journal, and the database's clock.</summary>
    public const string Tip = "select last, at, openpresence.now_ticks() from openpresence.tip()";

    /// <summary>The oldest entry that can be read, with everything after it; it may be one that is still to come.</summary>
    public const string First =
        "select coalesce((select first from openpresence.batches order by last limit 1), "
        + "(select last + 1 from openpresence.tip()))";

    public static NpgsqlParameter<long> Long(long value = 0) =>
        new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter<Guid> Uuid(Guid value = default) =>
        new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public static List<StoredBatch> ReadAll(NpgsqlDataReader rows)
    {
        var batches = new List<StoredBatch>();
        while (rows.Read())
        {
            batches.Add(Read(rows));
        }

        return batches;
    }

    /// <summary>Asks <see cref="TipWithMark"/>.</summary>
    public static async Task<(long Last, bool Holds)> AskTipAsync(
        NpgsqlConnection connection,
        BatchMark? mark,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(TipWithMark, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long?> { TypedValue = mark?.Last, NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter<Guid?> { TypedValue = mark?.Id, NpgsqlDbType = NpgsqlDbType.Uuid },
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancel);
        _ = await row.ReadAsync(cancel);
        return (row.GetInt64(0), row.GetBoolean(1));
    }

    public static StoredBatch Read(NpgsqlDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetInt64(1),
            new Instant(row.GetInt64(2)),
            row.GetGuid(3),
            (uint)row.GetInt32(4),
            row.GetFieldValue<byte[]>(5)
        );

    public static JournalTip ReadTip(NpgsqlDataReader row) =>
        new(row.GetInt64(0), new Instant(row.GetInt64(1)), new Instant(row.GetInt64(2)));
}

/// <summary>The end of the journal.</summary>
/// <param name="Last">Its position; 0: nothing was ever appended.</param>
/// <param name="At">The instant of it.</param>
/// <param name="Now">What the database's clock said then.</param>
internal readonly record struct JournalTip(long Last, Instant At, Instant Now);
