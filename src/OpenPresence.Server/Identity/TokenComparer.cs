using System.Text;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Compares tokens kept as ASCII with tokens in a header string: hash of the last characters (the end of the
/// signature), equality of all. The hash is seeded per process, so nobody can aim at one bucket.
/// </summary>
internal sealed class TokenComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<char>, byte[]>
{
    /// <summary>Six bits each: 96 bits of signature.</summary>
    private const int HashedChars = 16;

    public static readonly TokenComparer Instance = new();

    public int GetHashCode(ReadOnlySpan<char> token) =>
        string.GetHashCode(token.Length > HashedChars ? token[^HashedChars..] : token, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<char> token, byte[] kept) => Ascii.Equals(kept, token);

    public byte[] Create(ReadOnlySpan<char> token) => Encoding.ASCII.GetBytes(token.ToArray());

    public int GetHashCode(byte[] kept)
    {
        ReadOnlySpan<byte> tail = kept.Length > HashedChars ? kept.AsSpan(^HashedChars..) : kept;
        Span<char> chars = stackalloc char[HashedChars];
        return GetHashCode(chars[..Encoding.ASCII.GetChars(tail, chars)]);
    }

    public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other.AsSpan());
}
