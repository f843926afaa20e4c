using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace OpenPresence.Server.State;

/// <summary>
/// A keyed hash of an id. Ids may be chosen by someone who wants them to collide; without the keys,
/// drawn anew at every start, there is nothing to aim at. One 128-bit product of both halves, each
/// masked, is enough (two halves can only cancel by knowing the masks), a second spreads it to all bits.
/// </summary>
internal readonly struct PersonHash(ulong mask0, ulong mask1, ulong factor)
{
    private readonly ulong factor = factor | 1;

    public static PersonHash Random()
    {
        Span<ulong> keys = stackalloc ulong[3];
        RandomNumberGenerator.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(keys));
        return new PersonHash(keys[0], keys[1], keys[2]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(in Guid id)
    {
        ref ulong halves = ref Unsafe.As<Guid, ulong>(ref Unsafe.AsRef(in id));
        ulong high = Math.BigMul(halves ^ mask0, Unsafe.Add(ref halves, 1) ^ mask1, out ulong low);
        high = Math.BigMul(high ^ low, factor, out low);
        return high ^ low;
    }
}
