using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// The writer's own connection. Blocking, because the writer is a thread of its own that has nothing else to do; a
/// task for every answer would cost it more than the answer.
/// </summary>
internal sealed class JournalLink(Database database, Guid node) : IDisposable
{
    /// <summary>Batches that are held in memory at once while the node catches up.</summary>
    public const int RowsMax = 64;

    private readonly NpgsqlParameter<long> _after = BatchRows.Long();
    private readonly NpgsqlParameter<long> _through = BatchRows.Long();
    private readonly NpgsqlParameter<long> _rows = BatchRows.Long();
    private NpgsqlConnection? _connection;
    private AppendCall? _append;
    private AppendCall? _appendAndRead;
    private NpgsqlCommand? _read;

    /// <summary>Connects anew.</summary>
    public void Open()
    {
        Close();
        _connection = database.Source.OpenConnection();
        _append = new AppendCall(_connection, node, readsOthers: false);
        _appendAndRead = new AppendCall(_connection, node, readsOthers: true);
        _read = new NpgsqlCommand(BatchRows.After, _connection) { Parameters = { _after, _through, _rows } };
        _read.Prepare();
    }

    /// <summary>Appends a batch, or finds where it stands already.</summary>
    /// <param name="batch">What is appended; learns where it stands.</param>
    /// <param name="clock">What it is stamped by.</param>
    /// <param name="othersAfter">What others appended after this position is read, too; null: it is not.</param>
    /// <exception cref="NpgsqlException">What became of it is not known; or, an answer of the server, nothing.</exception>
    public Stored Append(OwnBatch batch, JournalClock clock, long? othersAfter) =>
        othersAfter is { } after ? _appendAndRead!.Run(batch, clock, after) : _append!.Run(batch, clock, 0);

    /// <summary>Some of the batches after a position through another.</summary>
    public List<StoredBatch> Read(long after, long through, int max = RowsMax)
    {
        (_after.TypedValue, _through.TypedValue, _rows.TypedValue) = (after, through, max);
        using var rows = _read!.ExecuteReader();
        return BatchRows.ReadAll(rows);
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
            // The parameters go on to the command of the next connection.
            _read?.Parameters.Clear();
            _append?.Dispose();
            _appendAndRead?.Dispose();
            database.Source.Clear();
            connection.Dispose();
        }
    }

    public void Dispose() => Close();
}
