using System.Buffers.Binary;

namespace OpenPresence.Server.Replica;

/// <summary>
/// Subscriptions fall into partitions, by their ids; a partition is delivered by one node at a time. Enough of them that
/// some nodes share evenly, few enough that each can be a lock. Nodes of different programs must agree on where a
/// subscription falls, so neither number nor rule ever changes.
/// </summary>
public static class Partitions
{
    /// <summary>How many there are.</summary>
    public const int Count = 256;

    /// <summary>The partition of a subscription, 0 to <see cref="Count"/> - 1.</summary>
    /// <remarks>Not Guid.GetHashCode, which is nobody's promise.</remarks>
    public static int Of(Guid subscriptionId)
    {
        Span<byte> bytes = stackalloc byte[16];
        subscriptionId.TryWriteBytes(bytes, bigEndian: true, out _);
        var folded = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        const ulong OddBits = 0x9E37_79B9_7F4A_7C15;
        return (int)((folded * OddBits) >> (64 - 8));
    }
}
