using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Copying;

/// <summary>A hash of entries with all that belongs to them; equal for equal entries, whatever batches they come in.</summary>
internal sealed class EntryDigest
{
    private const int HeadBytes = 36;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many were added.</summary>
    public long Entries { get; private set; }

    /// <summary>Of those that were added so far.</summary>
    public string Text => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Adds the next entries.</summary>
    public void Add(IReadOnlyList<Entry> entries)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteInt64LittleEndian(head, entry.Position);
            BinaryPrimitives.WriteInt64LittleEndian(head[8..], entry.At.Ticks);
            _ = entry.CommandId.TryWriteBytes(head[16..], bigEndian: true, out _);
            BinaryPrimitives.WriteInt32LittleEndian(head[32..], entry.Payload.Length);
            hash.AppendData(head);
            hash.AppendData(entry.Payload.Span);
        }
        Entries += entries.Count;
    }
}
