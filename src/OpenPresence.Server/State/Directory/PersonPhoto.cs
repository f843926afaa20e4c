using System.Security.Cryptography;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>The kinds of picture that are kept. Part of the file formats: append, never renumber.</summary>
public enum PhotoForm : byte
{
    Jpeg = 0,
    Png = 1,
}

/// <summary>
/// What the directory knows of a person's photo. The picture itself lies beside the journal, in a file that its
/// digest names.
/// </summary>
/// <param name="Sha256">The digest of the picture's bytes, in small hexadecimal digits.</param>
/// <param name="Form">What it is.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record PersonPhoto(string Sha256, PhotoForm Form, int Width, int Height)
{
    /// <summary>As <c>Content-Type</c> names it.</summary>
    public string MediaType => Form == PhotoForm.Png ? "image/png" : "image/jpeg";

    internal void Write(PackedWriter output)
    {
        output.Bytes(Convert.FromHexString(Sha256));
        output.Byte((byte)Form);
        output.Number((uint)Width);
        output.Number((uint)Height);
    }

    internal static PersonPhoto Read(ref PackedReader input)
    {
        var digest = input.TextBytes();
        var form = (PhotoForm)input.Byte();
        return digest.Length == SHA256.HashSizeInBytes && form <= PhotoForm.Png
            ? new(Convert.ToHexStringLower(digest), form, (int)input.Number(), (int)input.Number())
            : throw PackedReader.Broken();
    }
}
