using System.Security.Cryptography;

namespace OpenPresence.Server.Contracts;

/// <summary>
/// Makes the <c>request-id</c> of an answer: unique and unguessable enough to name a request in a log,
/// and cheap. A process starts at a random GUID; each request adds one and is mixed, so that no request
/// pays for the system's random numbers (<see cref="Guid.NewGuid"/> costs more than a whole lookup).
/// </summary>
public static class RequestId
{
    private static readonly ulong Process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private static long count = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>The next id.</summary>
    public static Guid Next()
    {
        var low = Mix((ulong)Interlocked.Increment(ref count));
        Span<byte> bytes = stackalloc byte[16];
        // Multiplied, not only shuffled: Guid.GetHashCode folds all bits by exclusive or, and a shuffled
        // copy would cancel out. All ids had one hash then, and a dictionary of them was a list.
        BitConverter.TryWriteBytes(bytes, Process ^ low * 0x9E3779B97F4A7C15);
        BitConverter.TryWriteBytes(bytes[8..], low);
        bytes[7] = (byte)(bytes[7] & 0x0F | 0x40); // version 4
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80); // variant
        return new Guid(bytes);
    }

    /// <summary>The finaliser of SplitMix64: a bijection, so distinct counts give distinct ids.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
