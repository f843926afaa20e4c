using System.Buffers.Binary;
using System.Globalization;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Local;

// A SNAPSHOT, VERSION 1
//
//   0  u64 "OPSNAPSH"    8  u32 version   12  u32 checksum of what follows in the header
//  16  i64 position     24  i64 at
//  32  blocks: u32 bytes, u32 checksum, then that many bytes; 1 to 65,536 of them
//      the end: u32 0, u32 checksum, i64 bytes of all blocks together
//
// The end is there because a file that was cut between two blocks would otherwise look complete.

/// <summary>Which snapshot.</summary>
internal readonly record struct SnapshotId(long Position, Instant At)
{
    public const string Extension = ".snapshot";

    public string Name => Position.ToString("D20", CultureInfo.InvariantCulture) + Extension;
}

/// <summary>The fixed parts of a snapshot's file.</summary>
internal static class SnapshotFormat
{
    public const int HeaderBytes = 32;
    public const int BlockHeaderBytes = 8;

    /// <summary>With its header below the large object heap.</summary>
    public const int BlockBytes = 64 << 10;

    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "OPSNAPSH"u8;

    public static byte[] Header(SnapshotId id)
    {
        var header = new byte[HeaderBytes];
        var bytes = header.AsSpan();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], id.Position);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], id.At.Ticks);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Crc32C.Of(bytes[16..]));
        return header;
    }

    /// <exception cref="JournalRefusedException">Of another version, or damaged.</exception>
    public static SnapshotId ReadHeader(string name, ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderBytes || !header.StartsWith(Magic))
        {
            throw Damaged(name);
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != Version)
        {
            throw Refusals.UnknownVersion(name, version, Version);
        }

        var id = new SnapshotId(
            BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
            new Instant(BinaryPrimitives.ReadInt64LittleEndian(header[24..]))
        );
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        return sum == Crc32C.Of(header[16..HeaderBytes]) && id.Name == name ? id : throw Damaged(name);
    }

    public static JournalRefusedException Damaged(string name) =>
        new(JournalRefusal.Damaged, $"{name} is damaged.", SegmentHeader.FirstOf(name));
}
