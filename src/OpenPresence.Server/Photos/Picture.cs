using System.Buffers.Binary;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Photos;

/// <summary>
/// Looks at the first bytes of a picture: is it one, and how large? Nothing is decoded: what a viewer makes of it
/// is the viewer's, and a decoder is what hostile pictures are for. PNG (its IHDR chunk) and JPEG (the segment
/// that starts a frame) are known.
/// </summary>
public static class Picture
{
    /// <summary>The largest side, in pixels.</summary>
    public const int SidePixelsMax = 10_000;

    private static readonly byte[] PngStart = [0x89, .. "PNG\r\n\u001a\n"u8];
    private static readonly byte[] JpegStart = [0xFF, 0xD8];

    /// <summary>What the bytes are; null: no picture that is known, or one without a size.</summary>
    public static PersonPhoto? Read(ReadOnlySpan<byte> bytes, string sha256)
    {
        var isPng = bytes.StartsWith(PngStart);
        var size = isPng ? SizeOfPng(bytes) : SizeOfJpeg(bytes);
        return size is (> 0 and <= SidePixelsMax, > 0 and <= SidePixelsMax)
            ? new PersonPhoto(sha256, isPng ? PhotoForm.Png : PhotoForm.Jpeg, size.Width, size.Height)
            : null;
    }

    private static (int Width, int Height) SizeOfPng(ReadOnlySpan<byte> bytes)
    {
        const int firstChunk = 8;
        return bytes.Length >= firstChunk + 25 && bytes[(firstChunk + 4)..].StartsWith("IHDR"u8)
            ? (
                BinaryPrimitives.ReadInt32BigEndian(bytes[(firstChunk + 8)..]),
                BinaryPrimitives.ReadInt32BigEndian(bytes[(firstChunk + 12)..])
            )
            : default;
    }

    private static (int Width, int Height) SizeOfJpeg(ReadOnlySpan<byte> bytes)
    {
        const int mark = 0xFF;
        var rest = bytes;
        if (!rest.StartsWith(JpegStart))
        {
            return default;
        }
        rest = rest[2..];
        // Each segment: FF, its kind, two bytes of length that count themselves.
        while (rest.Length >= 9 && rest[0] == mark)
        {
            if (IsFrame(rest[1]))
            {
                return (
                    BinaryPrimitives.ReadUInt16BigEndian(rest[7..]),
                    BinaryPrimitives.ReadUInt16BigEndian(rest[5..])
                );
            }
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = length > 3 && length <= rest.Length ? rest[length..] : [];
        }
        return default;
    }

    /// <summary>C0 to CF start a frame, but for three that hold tables.</summary>
    private static bool IsFrame(byte kind) => kind is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
