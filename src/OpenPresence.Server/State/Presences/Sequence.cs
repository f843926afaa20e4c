using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Intrinsics;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// What <c>sequenceNumber</c> shows: the journal position of a person's last visible change, and which of
/// the person's changes within that entry it was (one entry can carry time past several deadlines).
/// 48 bits of position are enough for 2.8e14 entries; 16 bits of ordinal for 65,536 changes of one
/// person in one entry, far more than a record has deadlines.
/// </summary>
public static class Sequence
{
    private const int OrdinalBits = 16;

    /// <summary>Bytes of the text: a letter, then 16 hexadecimal digits, of constant width.</summary>
    public const int TextBytes = 17;

    /// <summary>The sequence that follows <paramref name="last"/> in the entry at <paramref name="position"/>.</summary>
    public static long Next(long last, long position)
    {
        var first = position << OrdinalBits;
        return last < first ? first : last + 1;
    }

    /// <summary>The least sequence of an entry: what has it was there before anything the entry changed.</summary>
    public static long First(long position) => position << OrdinalBits;

    /// <summary>The journal position of a sequence.</summary>
    public static long Position(long sequence) => sequence >> OrdinalBits;

    /// <summary>Writes <c>A</c> and 16 upper-case digits; compares as text as it does as a number.</summary>
    public static void Write(long sequence, Span<byte> text)
    {
        text[0] = (byte)'A';
        var big = Vector128.CreateScalar(BinaryPrimitives.ReverseEndianness(sequence)).AsByte();
        HexText.Digits(big, HexText.UpperCase).First.CopyTo(text[1..]);
    }

    /// <summary>Reads what <see cref="Text"/> writes, in either case of letters.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long sequence)
    {
        sequence = 0;
        return text.Length == TextBytes
            && text[0] is 'A' or 'a'
            && long.TryParse(text[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out sequence)
            && sequence >= 0;
    }

    /// <summary>The text as a string.</summary>
    public static string Text(long sequence) =>
        string.Create(
            TextBytes,
            sequence,
            static (chars, value) =>
            {
                chars[0] = 'A';
                value.TryFormat(chars[1..], out _, "X16");
            }
        );
}
