using System.Buffers.Binary;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Local;

// THE LOCAL JOURNAL'S FILES, VERSION 1
//
// A journal can append, flush, read, snapshot and trim; the files know nothing else. Numbers are
// little-endian, instants are ticks, checksums are CRC-32C. One directory holds
//
//   lock                    held while a server runs, so that two never share the directory
//   <first>.entries         a segment: entries from position <first> on, 20 digits
//   <position>.snapshot     the state at a position (SnapshotFormat.cs)
//   *.tmp                   unfinished; deleted at the next start
//   *.cut                   set aside by --journal-truncate-at; never read again
//
// A segment is one 4,096-byte header block (SegmentHeader.cs), then frames one after the other, then
// zeros up to its full size. It gets its size when it is made, as zeros that were really written: a
// flush then has no metadata to carry, which is 1.6 times the speed of an allocated but unwritten file
// and more than twice that of one that grows (docs/decisions/0003-local-journal-format.md).
//
// A frame is a multiple of 8 bytes:
//
//   0  u32   checksum of everything that follows, padding included
//   4  u24   payload bytes          7  u8  kind: 1 an entry, 2 a clean stop
//   8  i64   position              16  i64 at
//  24  u128  command id, in the order in which it is written out
//  40  i64   flushed: the last position that was durable when this frame was written
//  48        payload, then zeros
//
// `flushed` is what tells a torn tail from damage. After a power cut the last batch may be there in
// any part, in any order, even with its end intact and its beginning lost. So a frame that is not
// whole proves nothing; but a whole frame behind it that says "what you miss was flushed before me"
// does. The first is cut and reported, the second stops the start. A clean stop leaves a frame of its
// own, so that damage to the very last entries of a stopped server is seen, too.
//
// After a failed flush nobody knows what the device holds, and asking again would be answered from
// the page cache. So a batch whose flush failed is never flushed again: a new segment begins whose
// header says at which position it goes on, and whatever the old one holds beyond that is void.

/// <summary>What a frame is.</summary>
internal enum FrameKind : byte
{
    Entry = 1,
    CleanStop = 2,
}

/// <summary>What stands at a place where a frame may begin.</summary>
internal enum FrameState
{
    Whole,

    /// <summary>More bytes are needed to say.</summary>
    Short,

    /// <summary>Zeros: never written.</summary>
    Blank,

    /// <summary>Torn or damaged.</summary>
    Broken,
}

/// <summary>A frame's head, checked.</summary>
internal readonly record struct FrameHeader(
    FrameKind Kind,
    int PayloadBytes,
    long Position,
    Instant At,
    Guid CommandId,
    long FlushedPosition
)
{
    public int Bytes => Frame.BytesOf(PayloadBytes);
}

/// <summary>One frame's bytes; the same for every journal that stores entries as bytes.</summary>
internal static class Frame
{
    public const int HeaderBytes = 48;

    /// <summary>What the length field can say.</summary>
    public const int PayloadBytesLimit = (1 << 24) - 1;

    private const int Alignment = 8;

    public static int BytesOf(int payloadBytes) => (HeaderBytes + payloadBytes + Alignment - 1) & -Alignment;

    /// <summary>Writes a frame and returns its size.</summary>
    public static int Write(Span<byte> to, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var frame = to[..header.Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], (uint)payload.Length | ((uint)header.Kind << 24));
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], header.Position);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], header.At.Ticks);
        _ = header.CommandId.TryWriteBytes(frame[24..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(frame[40..], header.FlushedPosition);
        payload.CopyTo(frame[HeaderBytes..]);
        frame[(HeaderBytes + payload.Length)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Crc32C.Of(frame[4..]));
        return frame.Length;
    }

    /// <summary>Reads the frame at the front of <paramref name="from"/>, if a whole one stands there.</summary>
    public static FrameState Read(ReadOnlySpan<byte> from, out FrameHeader header)
    {
        header = default;
        if (from.Length < HeaderBytes)
        {
            return FrameState.Short;
        }

        var lengthAndKind = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]);
        var kind = (FrameKind)(lengthAndKind >> 24);
        if (kind is not (FrameKind.Entry or FrameKind.CleanStop))
        {
            return from[..HeaderBytes].ContainsAnyExcept((byte)0) ? FrameState.Broken : FrameState.Blank;
        }

        var payloadBytes = (int)(lengthAndKind & PayloadBytesLimit);
        var bytes = BytesOf(payloadBytes);
        if (from.Length < bytes)
        {
            return FrameState.Short;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Crc32C.Of(from[4..bytes]))
        {
            return FrameState.Broken;
        }

        header = new FrameHeader(
            kind,
            payloadBytes,
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            new Instant(BinaryPrimitives.ReadInt64LittleEndian(from[16..])),
            new Guid(from.Slice(24, 16), bigEndian: true),
            BinaryPrimitives.ReadInt64LittleEndian(from[40..])
        );
        return FrameState.Whole;
    }
}
