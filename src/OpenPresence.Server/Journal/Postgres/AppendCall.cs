using Npgsql;
using NpgsqlTypes;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// The statement that appends a batch; and with it, where that is wanted, the one that reads what others appended. Together
/// they are two transactions in one round trip: the second sees all that was committed before the first, and holds no lock.
/// </summary>
/// <remarks>The second answer wakes this thread once more, which a node that is alone should not pay for.</remarks>
internal sealed class AppendCall : IDisposable
{
    private const string Append = "select openpresence.append($1, $2, $3, $4, $5, $6, $7)";

    private readonly NpgsqlParameter<Guid> _id = BatchRows.Uuid();
    private readonly NpgsqlParameter<int> _count = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _entries = new() { NpgsqlDbType = NpgsqlDbType.Bytea };
    private readonly NpgsqlParameter<int> _checksum = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<long> _offset = BatchRows.Long();
    private readonly NpgsqlParameter<long?> _frozenAt = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<long> _after = BatchRows.Long();
    private readonly NpgsqlParameter<Guid> _own = BatchRows.Uuid();
    private readonly NpgsqlBatch _batch;
    private bool _isWaitCutShort;

    public AppendCall(NpgsqlConnection connection, Guid node, bool readsOthers)
    {
        _batch = new NpgsqlBatch(connection)
        {
            EnableErrorBarriers = true,
            BatchCommands =
            {
                new(Append)
                {
                    Parameters = { _id, _count, _entries, _checksum, BatchRows.Uuid(node), _offset, _frozenAt },
                },
            },
        };
        if (readsOthers)
        {
            _batch.BatchCommands.Add(
                new(BatchRows.Others) { Parameters = { _after, _own, BatchRows.Long(JournalLink.RowsMax) } }
            );
        }

        _batch.Prepare();
        connection.Notice += (_, told) => _isWaitCutShort |= ReplicaWaits.AreCutShort(told.Notice);
    }

    /// <summary>Appends a batch, or finds where it stands already.</summary>
    /// <param name="batch">What is appended; learns where it stands.</param>
    /// <param name="clock">What it is stamped by.</param>
    /// <param name="after">Where the others' are read from.</param>
    /// <exception cref="NpgsqlException">What became of it is not known; or, an answer of the server, nothing.</exception>
    public Stored Run(OwnBatch batch, JournalClock clock, long after)
    {
        (_id.TypedValue, _own.TypedValue) = (batch.Id, batch.Id);
        _count.TypedValue = batch.Count;
        _entries.TypedValue = batch.Bytes;
        _checksum.TypedValue = (int)batch.Checksum;
        _offset.TypedValue = clock.Offset.Ticks;
        _frozenAt.TypedValue = clock.FrozenAt?.Ticks;
        _after.TypedValue = after;
        _isWaitCutShort = false;
        using var answer = _batch.ExecuteReader();
        _ = answer.Read();
        var stored = answer.GetFieldValue<long[]>(0);
        bool hasOthers;
        try
        {
            // An error of the commit comes after the row, and so does a warning.
            hasOthers = answer.NextResult();
        }
        catch (PostgresException e) when (IsOfReading(e))
        {
            batch.StoredAt = stored[0]; // that was another transaction, which is over
            throw;
        }

        if (_isWaitCutShort)
        {
            throw ReplicaWaits.CutShort();
        }

        batch.StoredAt = stored[0];
        return new Stored(new Instant(stored[1]), hasOthers ? BatchRows.ReadAll(answer) : []);
    }

    public void Dispose() => _batch.Dispose();

    /// <summary>Whether it was the second statement that failed: then the first one did not.</summary>
    private bool IsOfReading(PostgresException e) => e.BatchCommand is { } failed && failed != _batch.BatchCommands[0];
}

/// <summary>What became of an append.</summary>
/// <param name="At">Its instant.</param>
/// <param name="Others">What others appended before and after it, in order, as far as it fits in one answer.</param>
internal readonly record struct Stored(Instant At, List<StoredBatch> Others);
