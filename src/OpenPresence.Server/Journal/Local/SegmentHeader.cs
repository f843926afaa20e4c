using System.Buffers.Binary;
using System.Globalization;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// The first block of a segment. It is written once, before the segment gets its name, in a block that no
/// entry shares.
/// </summary>
/// <param name="First">The position of the first entry.</param>
/// <param name="Previous">
/// The last durable position of the segment before; what that one holds beyond is void. Less than
/// <c>First - 1</c> only where a snapshot that was put into the directory lies between.
/// </param>
/// <param name="PreviousAt">No entry in here is earlier.</param>
internal readonly record struct SegmentHeader(long First, long Previous, Instant PreviousAt)
{
    //   0  u64 "OPJOURNL"   8  u32 version   12  u32 checksum of what follows
    //  16  i64 first       24  i64 previous  32  i64 previousAt

    /// <summary>A whole block, so that entries begin where blocks begin.</summary>
    public const int Bytes = 4096;

    public const string Extension = ".entries";

    private const uint Version = 1;
    private const int UsedBytes = 40;

    private static ReadOnlySpan<byte> Magic => "OPJOURNL"u8;

    public string Name => NameOf(First);

    public static string NameOf(long first) => first.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    public byte[] ToBlock()
    {
        var block = new byte[Bytes];
        var bytes = block.AsSpan();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], First);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], Previous);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], PreviousAt.Ticks);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Crc32C.Of(bytes[16..UsedBytes]));
        return block;
    }

    /// <exception cref="JournalRefusedException">Of another version, or damaged.</exception>
    public static SegmentHeader Read(string name, ReadOnlySpan<byte> block)
    {
        if (block.Length < UsedBytes || !block.StartsWith(Magic))
        {
            throw Refusals.HeaderDamaged(name, FirstOf(name));
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(block[8..]);
        if (version != Version)
        {
            throw Refusals.UnknownVersion(name, version, Version);
        }

        var sum = BinaryPrimitives.ReadUInt32LittleEndian(block[12..]);
        var header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(block[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(block[24..]),
            new Instant(BinaryPrimitives.ReadInt64LittleEndian(block[32..]))
        );
        return sum == Crc32C.Of(block[16..UsedBytes]) && header.Name == name
            ? header
            : throw Refusals.HeaderDamaged(name, FirstOf(name));
    }

    /// <summary>The position in a segment's or snapshot's name; null: not such a name.</summary>
    public static long? FirstOf(string name) =>
        long.TryParse(
            Path.GetFileNameWithoutExtension(name.AsSpan()),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var first
        )
            ? first
            : null;
}
