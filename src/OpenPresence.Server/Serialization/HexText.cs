using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenPresence.Server.Serialization;

/// <summary>Bytes as hexadecimal digits, a vector at a time.</summary>
internal static class HexText
{
    /// <summary>The sixteen digits, lower case.</summary>
    public static Vector128<byte> LowerCase => Vector128.Create("0123456789abcdef"u8);

    /// <summary>The sixteen digits, upper case.</summary>
    public static Vector128<byte> UpperCase => Vector128.Create("0123456789ABCDEF"u8);

    /// <summary>The 32 digits of 16 bytes, in two halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> First, Vector128<byte> Second) Digits(
        Vector128<byte> bytes,
        Vector128<byte> alphabet
    )
    {
        var high = bytes >>> 4;
        var low = bytes & Vector128.Create((byte)0x0F);
        var (first, second) = (Interleave(high, low), InterleaveUpper(high, low));
        return (Vector128.Shuffle(alphabet, first), Vector128.Shuffle(alphabet, second));
    }

    /// <summary>Each byte of the lower half becomes a pair: the high digit's number, then the low one's.</summary>
    private static Vector128<byte> Interleave(Vector128<byte> high, Vector128<byte> low)
    {
        var (wideHigh, _) = Vector128.Widen(high);
        var (wideLow, _) = Vector128.Widen(low);
        return (wideHigh | (wideLow << 8)).AsByte();
    }

    private static Vector128<byte> InterleaveUpper(Vector128<byte> high, Vector128<byte> low)
    {
        var (_, wideHigh) = Vector128.Widen(high);
        var (_, wideLow) = Vector128.Widen(low);
        return (wideHigh | (wideLow << 8)).AsByte();
    }
}
