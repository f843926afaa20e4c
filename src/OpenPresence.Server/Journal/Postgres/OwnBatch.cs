using OpenPresence.Engine;
using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>What this node appends in one go. Its positions are a guess until the database has said them.</summary>
/// <param name="Id">By which it is found again when the answer was lost.</param>
/// <param name="Entries">With their companions; as if no other node appended meanwhile.</param>
/// <param name="Bytes">As they are stored. The writer's buffer: nothing else is written until this is settled.</param>
/// <param name="Companions">Whether any of them has one.</param>
internal sealed record OwnBatch(Guid Id, Entry[] Entries, ReadOnlyMemory<byte> Bytes, bool Companions)
{
    // What an entry takes beside its payload.
    private const int EntryBytes = 64;

    public int Count => Entries.Length;

    public uint Checksum { get; } = Crc32C.Of(Bytes.Span);

    /// <summary>The position that was guessed for the first.</summary>
    public long Guessed { get; } = Entries.Length == 0 ? 0 : Entries[0].Position;

    /// <summary>Where it is stored; null: it is not, or that is not known.</summary>
    public long? StoredAt { get; set; }

    /// <summary>Gives the entries their places, for the readers of this node.</summary>
    public TailBatch<BatchSpot> PlacedAt(long first, Instant at)
    {
        for (var i = 0; i < Entries.Length; i++)
        {
            Entries[i] = Entries[i] with { Position = first + i, At = at };
        }

        return TailOf(Entries, Bytes.Length, Companions);
    }

    /// <summary>A batch of another node, for the readers of this one.</summary>
    public static TailBatch<BatchSpot> TailOf(Entry[] entries, int bytes, bool companions) =>
        new(
            entries[0].Position - 1,
            entries,
            new BatchSpot(entries[^1].Position),
            bytes + (long)EntryBytes * entries.Length,
            companions
        );
}
