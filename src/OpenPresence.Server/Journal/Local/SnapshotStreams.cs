using System.Buffers.Binary;

namespace OpenPresence.Server.Journal.Local;

/// <summary>Writes a snapshot's blocks; forward only.</summary>
internal sealed class SnapshotWriteStream : ForwardStream
{
    // One flush at the end would let hundreds of megabytes of it compete with the log's own flushes.
    private const long FlushBytes = 8 << 20;

    private readonly IJournalFile _file;
    private readonly byte[] _block = new byte[SnapshotFormat.BlockHeaderBytes + SnapshotFormat.BlockBytes];
    private int _filled;
    private long _offset = SnapshotFormat.HeaderBytes;
    private long _contentBytes;
    private long _unflushedBytes;

    public SnapshotWriteStream(IJournalFile file, SnapshotId id)
    {
        _file = file;
        _file.Write(SnapshotFormat.Header(id), 0);
    }

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var room = _block.AsSpan(SnapshotFormat.BlockHeaderBytes + _filled);
            var piece = buffer[..Math.Min(room.Length, buffer.Length)];
            piece.CopyTo(room);
            _filled += piece.Length;
            buffer = buffer[piece.Length..];
            if (_filled == SnapshotFormat.BlockBytes)
            {
                WriteBlock();
            }
        }
    }

    /// <summary>The last block and the end, durably.</summary>
    public void Finish()
    {
        if (_filled > 0)
        {
            WriteBlock();
        }

        var total = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(total, _contentBytes);
        total.CopyTo(_block.AsSpan(SnapshotFormat.BlockHeaderBytes));
        WriteBytes(0, total.Length);
        _file.Flush();
    }

    private void WriteBlock()
    {
        _contentBytes += _filled;
        WriteBytes(_filled, _filled);
        _filled = 0;
    }

    private void WriteBytes(int stated, int bytes)
    {
        var whole = _block.AsSpan(0, SnapshotFormat.BlockHeaderBytes + bytes);
        var sum = Crc32C.Of(whole[SnapshotFormat.BlockHeaderBytes..]);
        BinaryPrimitives.WriteInt32LittleEndian(whole, stated);
        BinaryPrimitives.WriteUInt32LittleEndian(whole[4..], sum);
        _file.Write(whole, _offset);
        _offset += whole.Length;
        _unflushedBytes += whole.Length;
        if (_unflushedBytes >= FlushBytes)
        {
            _file.Flush();
            _unflushedBytes = 0;
        }
    }
}

/// <summary>Reads a snapshot's blocks and verifies each before a byte of it is handed out.</summary>
/// <param name="file">Owned.</param>
/// <param name="name">For the message when it is damaged.</param>
internal sealed class SnapshotReadStream(IJournalFile file, string name) : ForwardStream
{
    private readonly byte[] _block = new byte[SnapshotFormat.BlockBytes];
    private readonly byte[] _head = new byte[SnapshotFormat.BlockHeaderBytes];
    private long _offset = SnapshotFormat.HeaderBytes;
    private int _start;
    private int _end;
    private long _contentBytes;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !_ended)
        {
            NextBlock();
        }

        var bytes = Math.Min(_end - _start, buffer.Length);
        _block.AsSpan(_start, bytes).CopyTo(buffer);
        _start += bytes;
        return bytes;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private void NextBlock()
    {
        var headBytes = file.Read(_head, _offset);
        var stated = BinaryPrimitives.ReadInt32LittleEndian(_head);
        if (headBytes < _head.Length || stated is < 0 or > SnapshotFormat.BlockBytes)
        {
            throw SnapshotFormat.Damaged(name);
        }

        _ended = stated == 0;
        var body = _block.AsSpan(0, _ended ? sizeof(long) : stated);
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(4));
        if (
            file.Read(body, _offset + _head.Length) < body.Length
            || Crc32C.Of(body) != sum
            || (_ended && BinaryPrimitives.ReadInt64LittleEndian(body) != _contentBytes)
        )
        {
            throw SnapshotFormat.Damaged(name);
        }

        _offset += _head.Length + body.Length;
        _contentBytes += stated;
        (_start, _end) = (0, stated);
    }
}
