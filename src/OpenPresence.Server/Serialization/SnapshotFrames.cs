using System.Buffers;
using System.Buffers.Binary;

namespace OpenPresence.Server.Serialization;

/// <summary>
/// Packed values as frames of a stream: four bytes of length, then the bytes; a length of zero ends them. So a
/// reader takes exactly its own bytes from a stream in which something else follows.
/// </summary>
internal sealed class FrameWriter(Stream output)
{
    private const int FrameBytesAim = 32 * 1024;

    /// <summary>
    /// Small enough for the ordinary heap. The large object heap has one lock, on which an allocation that waits sleeps for
    /// 5 ms; the writer of the state, who copies chunks there while a snapshot is written, would be the one who sleeps.
    /// </summary>
    private const int BufferBytes = 2 * FrameBytesAim;

    private readonly ArrayBufferWriter<byte> _buffer = new(BufferBytes);

    public PackedWriter Values => new(_buffer);

    /// <summary>Between two values: what is full goes to the stream.</summary>
    public void FlushIfFull()
    {
        if (_buffer.WrittenCount >= FrameBytesAim)
        {
            Flush();
        }
    }

    public void End()
    {
        if (_buffer.WrittenCount > 0)
        {
            Flush();
        }

        Flush();
    }

    private void Flush()
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, _buffer.WrittenCount);
        output.Write(length);
        output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}

/// <summary>Reads what <see cref="FrameWriter"/> wrote; a value never spans two frames.</summary>
internal sealed class FrameReader(Stream input)
{
    private const int FrameBytesMax = 256 * 1024 * 1024;

    /// <summary>Nearly all frames fit; below the large object heap.</summary>
    private const int FirstBytes = 80 * 1024;

    private byte[] _frame = new byte[FirstBytes];

    /// <summary>The bytes of the next frame, valid until the one after; empty: the end.</summary>
    public ReadOnlySpan<byte> Next()
    {
        Span<byte> prefix = stackalloc byte[4];
        Fill(prefix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length is < 0 or > FrameBytesMax)
        {
            throw PackedReader.Broken();
        }

        // By and by, so that a length that is damaged cannot demand more memory than there are bytes.
        for (var held = 0; held < length; )
        {
            if (held == _frame.Length)
            {
                Array.Resize(ref _frame, Math.Min(length, 2 * held));
            }

            var end = Math.Min(length, _frame.Length);
            Fill(_frame.AsSpan(held..end));
            held = end;
        }

        return _frame.AsSpan(0, length);
    }

    private void Fill(Span<byte> bytes)
    {
        if (input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw PackedReader.Broken();
        }
    }

    /// <summary>The bytes of the only frame, and its end.</summary>
    public ReadOnlySpan<byte> Single()
    {
        var frame = Next().ToArray();
        return Next().IsEmpty ? frame : throw PackedReader.Broken();
    }
}
