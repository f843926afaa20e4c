using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OpenPresence.Server.State.Presences;

/// <summary>Tells the processor what will be needed soon. A hint: it never faults and changes nothing.</summary>
internal static class Prefetch
{
    /// <summary>Asks for the cache line of a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Of<T>(ref T place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }
}
