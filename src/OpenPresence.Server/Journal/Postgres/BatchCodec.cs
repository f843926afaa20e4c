using System.Buffers.Binary;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// The column <c>entries</c> of a batch: for each entry u32 bytes of payload (little-endian), the command id in the
/// order in which it is written out, the payload. Positions follow from the batch's first, and all its entries
/// share one instant.
/// </summary>
internal static class BatchCodec
{
    public const int HeadBytes = sizeof(uint) + IdBytes;

    private const int IdBytes = 16;

    public static int BytesOf(int payloadBytes) => HeadBytes + payloadBytes;

    /// <summary>Writes an entry and returns its size.</summary>
    public static int Write(Span<byte> to, Guid commandId, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, payload.Length);
        _ = commandId.TryWriteBytes(to[sizeof(uint)..], bigEndian: true, out _);
        payload.CopyTo(to[HeadBytes..]);
        return HeadBytes + payload.Length;
    }

    /// <summary>The entries; their payloads are parts of the batch's bytes.</summary>
    /// <exception cref="JournalRefusedException">The checksum differs, or they are not as many as it says.</exception>
    public static Entry[] Read(in StoredBatch batch)
    {
        if (Crc32C.Of(batch.Entries) != batch.Checksum)
        {
            throw PostgresRefusals.Damaged(batch.First, batch.Last);
        }

        var entries = new Entry[batch.Last - batch.First + 1];
        var rest = batch.Entries.AsMemory();
        for (var i = 0; i < entries.Length; i++)
        {
            var (id, bytes) = ReadHead(rest.Span, batch);
            var payload = rest.Slice(HeadBytes, bytes);
            entries[i] = new Entry(batch.First + i, batch.At, id, payload);
            rest = rest[(HeadBytes + bytes)..];
        }

        return rest.IsEmpty ? entries : throw PostgresRefusals.Damaged(batch.First, batch.Last);
    }

    private static (Guid Id, int Bytes) ReadHead(ReadOnlySpan<byte> from, in StoredBatch batch)
    {
        var bytes = from.Length < HeadBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(from);
        return bytes >= 0 && bytes <= from.Length - HeadBytes
            ? (new Guid(from.Slice(sizeof(uint), IdBytes), bigEndian: true), bytes)
            : throw PostgresRefusals.Damaged(batch.First, batch.Last);
    }
}

/// <summary>A row of <c>openpresence.batches</c>.</summary>
internal readonly record struct StoredBatch(long First, long Last, Instant At, Guid Id, uint Checksum, byte[] Entries)
{
    /// <summary>What tells it from any other batch that might stand at its place.</summary>
    public BatchMark Mark => new(Last, Id, Checksum);
}

/// <summary>Which batch ends at a position.</summary>
internal sealed record BatchMark(long Last, Guid Id, uint Checksum);

/// <summary>Where storage goes on behind a batch.</summary>
internal readonly record struct BatchSpot(long Position) : Following.IStorageSpot;
