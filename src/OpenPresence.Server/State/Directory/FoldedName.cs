using System.Text;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// A sign-in name as its UTF-8 bytes with A to Z made small: what names are hashed, compared and ordered by. The
/// rule is <see cref="AsciiCaseComparer"/>'s; records hold names as they were written, so comparing folds
/// their side on the way.
/// </summary>
internal readonly ref struct FoldedName
{
    /// <summary>Names up to this fit a caller's stack.</summary>
    public const int StackBytes = 256;

    public FoldedName(string name, Span<byte> scratch)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        var bytes = length <= scratch.Length ? scratch[..length] : new byte[length];
        Encoding.UTF8.GetBytes(name, bytes);
        Fold(bytes);
        Bytes = bytes;
    }

    public FoldedName(ReadOnlySpan<byte> name, Span<byte> scratch)
    {
        var bytes = name.Length <= scratch.Length ? scratch[..name.Length] : new byte[name.Length];
        name.CopyTo(bytes);
        Fold(bytes);
        Bytes = bytes;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Keyed anew in every process, so that no caller can choose names that collide.</summary>
    public uint Hash()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return (uint)hash.ToHashCode();
    }

    /// <summary>Less than 0: this name comes before the record's.</summary>
    public int CompareTo(ReadOnlySpan<byte> recordName)
    {
        var shared = Math.Min(Bytes.Length, recordName.Length);
        for (var i = 0; i < shared; i++)
        {
            var difference = Bytes[i] - Fold(recordName[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return Bytes.Length - recordName.Length;
    }

    private static void Fold(Span<byte> bytes)
    {
        foreach (ref var b in bytes)
        {
            b = Fold(b);
        }
    }

    private static byte Fold(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
}
