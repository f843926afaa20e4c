using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Reads and writes the 36 characters of an id, <c>8-4-4-4-12</c> hexadecimal digits, without a branch a
/// character: Guid's own parser takes eight times as long, most of what reading a body of 650 costs.
/// </summary>
internal static class GuidText
{
    public const int Length = 36;

    private const uint Hyphens = 1u << 8 | 1u << 13 | 1u << 18 | 1u << 23;

    /// <summary>
    /// Reads the first 36 bytes of <paramref name="text"/>.
    /// </summary>
    /// <param name="text">At least 36 bytes.</param>
    /// <param name="id">The id, if true is returned.</param>
    /// <param name="isCanonical">Whether the text is lower case, as we write ids.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out Guid id, out bool isCanonical)
    {
        ref byte start = ref MemoryMarshal.GetReference(text[..Length]);

        // 1. The 32 digits without the hyphens, in two halves.
        Vector128<byte> to16 = Vector128.LoadUnsafe(ref start);
        Vector128<byte> to18 = Vector128.LoadUnsafe(ref start, 2);
        Vector128<byte> to35 = Vector128.LoadUnsafe(ref start, 19);
        Vector128<byte> to36 = Vector128.LoadUnsafe(ref start, 20);
        Vector128<byte> first = Vector128.ConditionalSelect(FirstEight, to16, Vector128.Shuffle(to18, TailOfFirst));
        Vector128<byte> second = Vector128.ConditionalSelect(FirstFour, to35, to36);

        // 2. Their values, and whether all are digits and the hyphens hyphens.
        Vector128<byte> invalid = Vector128<byte>.Zero;
        Vector128<byte> firstValues = Values(first, ref invalid);
        Vector128<byte> secondValues = Values(second, ref invalid);
        uint hyphens = Vector256
            .Equals(Vector256.LoadUnsafe(ref start), Vector256.Create((byte)'-'))
            .ExtractMostSignificantBits();

        // 3. Two digits make a byte; the first three groups are stored lowest byte first.
        Vector128<byte> bytes = Vector128.Narrow(Pairs(firstValues), Pairs(secondValues));
        id = Unsafe.BitCast<Vector128<byte>, Guid>(Vector128.Shuffle(bytes, GuidOrder));

        // Of the digits, only A to F lack this bit.
        isCanonical = Vector128.EqualsAll(first & second & Vector128.Create((byte)0x20), Vector128.Create((byte)0x20));
        return hyphens == Hyphens && invalid == Vector128<byte>.Zero;
    }

    /// <summary>Writes the 36 characters, in lower case, to the beginning of <paramref name="text"/>.</summary>
    public static void Write(in Guid id, Span<byte> text)
    {
        ref byte start = ref MemoryMarshal.GetReference(text[..Length]);

        // 1. The bytes in the order of their digits, then each as two digits.
        var bytes = Vector128.Shuffle(Unsafe.BitCast<Guid, Vector128<byte>>(id), GuidOrder);
        var (first, second) = HexText.Digits(bytes, HexText.LowerCase);

        // 2. Three stores that overlap: digits 0 to 15; 8 to 19 with three hyphens; the rest.
        var middle =
            Vector128.Shuffle(first, MiddleOfFirst) | Vector128.Shuffle(second, MiddleOfSecond) | MiddleHyphens;
        var last = Vector128.Shuffle(second, LastOfSecond) | LastHyphen;
        first.StoreUnsafe(ref start);
        middle.StoreUnsafe(ref start, 8);
        last.StoreUnsafe(ref start, 20);
    }

    private const byte No = 0xFF;

    private static Vector128<byte> MiddleOfFirst =>
        Vector128.Create(No, 8, 9, 10, 11, No, 12, 13, 14, 15, No, No, No, No, No, No);

    private static Vector128<byte> MiddleOfSecond =>
        Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, 0, 1, 2, 3, No);

    private static Vector128<byte> MiddleHyphens =>
        Vector128.Create((byte)'-', 0, 0, 0, 0, (byte)'-', 0, 0, 0, 0, (byte)'-', 0, 0, 0, 0, (byte)'-');

    private static Vector128<byte> LastOfSecond =>
        Vector128.Create(1, 2, 3, No, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    private static Vector128<byte> LastHyphen =>
        Vector128.Create(0, 0, 0, (byte)'-', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static Vector128<byte> FirstEight => Vector128.Create(ulong.MaxValue, 0).AsByte();

    private static Vector128<byte> FirstFour => Vector128.Create(uint.MaxValue, 0, 0, 0).AsByte();

    /// <summary>Characters 9 to 12 and 14 to 17, of a vector that begins with character 2.</summary>
    private static Vector128<byte> TailOfFirst =>
        Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9, 10, 12, 13, 14, 15);

    private static Vector128<byte> GuidOrder =>
        Vector128.Create((byte)3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Values(Vector128<byte> digits, ref Vector128<byte> invalid)
    {
        Vector128<byte> numbers = digits - Vector128.Create((byte)'0');
        Vector128<byte> letters = (digits | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        Vector128<byte> isNumber = Vector128.LessThan(numbers, Vector128.Create((byte)10));
        invalid |= ~(isNumber | Vector128.LessThan(letters, Vector128.Create((byte)6)));
        return Vector128.ConditionalSelect(isNumber, numbers, letters + Vector128.Create((byte)10));
    }

    /// <summary>Each pair of values as one number; the first of a pair is the higher digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Pairs(Vector128<byte> values)
    {
        Vector128<ushort> pairs = values.AsUInt16();
        return ((pairs << 4) | (pairs >> 8)) & Vector128.Create((ushort)0xFF);
    }
}
