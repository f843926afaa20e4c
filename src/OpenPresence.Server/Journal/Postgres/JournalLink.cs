using Npgsql;
using NpgsqlTypes;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// The writer's own connection. Blocking, because the writer is a thread of its own that has nothing else to do; a
/// task for every answer would cost it more than the answer.
/// </summary>
internal sealed class JournalLink(Database database, Guid node) : IDisposable
{
    /// <summary>Batches that are held in memory at once while the node catches up.</summary>
    public const int RowsMax = 64;

    private readonly NpgsqlParameter<Guid> _id = new() { NpgsqlDbType = NpgsqlDbType.Uuid };
    private readonly NpgsqlParameter<int> _count = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _entries = new()
    {
        NpgsqlDbType = NpgsqlDbType.Bytea,
    };
    private readonly NpgsqlParameter<int> _checksum = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<long> _offset = BatchRows.Long();
    private readonly NpgsqlParameter<long?> _frozenAt = new()
    {
        NpgsqlDbType = NpgsqlDbType.Bigint,
    };
    private readonly NpgsqlParameter<long> _after = BatchRows.Long();
    private readonly NpgsqlParameter<long> _through = BatchRows.Long();
    private readonly NpgsqlParameter<long> _rows = BatchRows.Long();
    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _append;
    private NpgsqlCommand? _read;

    /// <summary>Connects anew.</summary>
    public void Open()
    {
        Close();
        _connection = database.Source.OpenConnection();
        _append = new NpgsqlCommand(
            "select first_position, stamped_at from openpresence.append($1, $2, $3, $4, $5, $6, $7)",
            _connection
        )
        {
            Parameters =
            {
                _id,
                _count,
                _entries,
                _checksum,
                new NpgsqlParameter<Guid> { TypedValue = node, NpgsqlDbType = NpgsqlDbType.Uuid },
                _offset,
                _frozenAt,
            },
        };
        _append.Prepare();
        _read = new NpgsqlCommand(BatchRows.After, _connection)
        {
            Parameters = { _after, _through, _rows },
        };
        _read.Prepare();
    }

    /// <summary>Appends a batch, or finds where it stands already.</summary>
    public (long First, Instant At) Append(OwnBatch batch, JournalClock clock)
    {
        _id.TypedValue = batch.Id;
        _count.TypedValue = batch.Count;
        _entries.TypedValue = batch.Bytes;
        _checksum.TypedValue = (int)batch.Checksum;
        _offset.TypedValue = clock.Offset.Ticks;
        _frozenAt.TypedValue = clock.FrozenAt?.Ticks;
        using var answer = _append!.ExecuteReader();
        _ = answer.Read();
        var appended = (answer.GetInt64(0), new Instant(answer.GetInt64(1)));
        // To the end: an error of the commit comes after the row.
        _ = answer.NextResult();
        return appended;
    }

    /// <summary>Some of the batches after a position through another.</summary>
    public List<StoredBatch> Read(long after, long through, int max = RowsMax)
    {
        (_after.TypedValue, _through.TypedValue, _rows.TypedValue) = (after, through, max);
        var batches = new List<StoredBatch>();
        using var rows = _read!.ExecuteReader();
        while (rows.Read())
        {
            batches.Add(BatchRows.Read(rows));
        }

        return batches;
    }

    public JournalTip Tip()
    {
        using var command = new NpgsqlCommand(BatchRows.Tip, _connection);
        using var row = command.ExecuteReader();
        _ = row.Read();
        return BatchRows.ReadTip(row);
    }

    /// <summary>Gives the connection up, and the idle ones with it: what took it took them, too.</summary>
    public void Close()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            // The parameters go on to the commands of the next connection.
            _append?.Parameters.Clear();
            _read?.Parameters.Clear();
            database.Source.Clear();
            connection.Dispose();
        }
    }

    public void Dispose() => Close();
}
