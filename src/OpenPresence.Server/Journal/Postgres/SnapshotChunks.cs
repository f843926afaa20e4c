using Npgsql;
using NpgsqlTypes;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>Writes a snapshot as rows; forward only.</summary>
internal sealed class SnapshotChunkWriter : ForwardStream
{
    private readonly byte[] _chunk = new byte[PostgresJournalOptions.SnapshotChunkBytes];
    private readonly NpgsqlParameter<int> _number = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<int> _checksum = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _content = new() { NpgsqlDbType = NpgsqlDbType.Bytea };
    private readonly NpgsqlCommand _insert;
    private int _filled;

    public SnapshotChunkWriter(NpgsqlConnection connection, long position)
    {
        _insert = new NpgsqlCommand(
            "insert into openpresence.snapshot_chunks (position, number, checksum, content) "
                + "values ($1, $2, $3, $4)",
            connection
        )
        {
            Parameters = { BatchRows.Long(position), _number, _checksum, _content },
        };
        _insert.Prepare();
    }

    public override bool CanRead => false;

    public override bool CanWrite => true;

    /// <summary>Bytes of the whole, once it is finished.</summary>
    public long Bytes { get; private set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var room = _chunk.AsSpan(_filled);
            var piece = buffer[..Math.Min(room.Length, buffer.Length)];
            piece.CopyTo(room);
            _filled += piece.Length;
            buffer = buffer[piece.Length..];
            if (_filled == _chunk.Length)
            {
                WriteChunk();
            }
        }
    }

    /// <summary>The last piece.</summary>
    public void Finish()
    {
        if (_filled > 0)
        {
            WriteChunk();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _insert.Dispose();
        }

        base.Dispose(disposing);
    }

    private void WriteChunk()
    {
        var content = _chunk.AsMemory(0, _filled);
        _checksum.TypedValue = (int)Crc32C.Of(content.Span);
        _content.TypedValue = content;
        _ = _insert.ExecuteNonQuery();
        _number.TypedValue++;
        Bytes += _filled;
        _filled = 0;
    }
}

/// <summary>Reads a snapshot's rows as they come, and verifies each before a byte of it is handed out.</summary>
/// <param name="snapshot">Which.</param>
/// <param name="rows">number, checksum, content; owned, as are the others.</param>
/// <param name="owned">What has to be disposed of behind the rows, in order.</param>
internal sealed class SnapshotChunkReader(StoredSnapshot snapshot, NpgsqlDataReader rows, IDisposable[] owned)
    : ForwardStream
{
    private byte[] _chunk = new byte[PostgresJournalOptions.SnapshotChunkBytes];
    private int _start;
    private int _end;
    private int _number;
    private long _read;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !_ended)
        {
            NextChunk();
        }

        var taken = Math.Min(_end - _start, buffer.Length);
        _chunk.AsSpan(_start, taken).CopyTo(buffer);
        _start += taken;
        return taken;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rows.Dispose();
            foreach (var part in owned)
            {
                part.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void NextChunk()
    {
        try
        {
            (_start, _end) = (0, 0);
            _ended = !rows.Read();
            if (!_ended)
            {
                ReadChunk();
            }
        }
        catch (PostgresException e) when (DatabaseFailure.IsDamage(e))
        {
            throw PostgresRefusals.SnapshotDamaged(snapshot.Position, _number, e);
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            throw new JournalUnavailableException($"The snapshot was not read: {e.Message}", e);
        }

        if (_ended && _read != snapshot.Bytes)
        {
            throw PostgresRefusals.SnapshotDamaged(snapshot.Position, _number);
        }
    }

    private void ReadChunk()
    {
        var (number, checksum) = (rows.GetInt32(0), (uint)rows.GetInt32(1));
        var length = (int)rows.GetBytes(2, 0, null, 0, 0);
        if (length > _chunk.Length)
        {
            _chunk = new byte[length];
        }

        for (var at = 0; at < length; )
        {
            at += (int)rows.GetBytes(2, at, _chunk, at, length - at);
        }

        if (number != _number || Crc32C.Of(_chunk.AsSpan(0, length)) != checksum)
        {
            throw PostgresRefusals.SnapshotDamaged(snapshot.Position, _number);
        }

        _number++;
        _end = length;
        _read += length;
    }
}
