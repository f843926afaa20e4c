using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OpenPresence.Server.State.Grants;

/// <summary>
/// The SHA-256 of a code or token that we made: what the journal and the memory hold instead of it.
/// Our secrets are 32 random bytes (user codes: 45 random bits that live for minutes), so neither
/// salt nor iterations would add anything.
/// </summary>
/// <remarks>
/// Finding a digest in a table is no fixed-time comparison and need not be: who can choose the
/// digest that is looked up would have to invert SHA-256 to learn a secret from the time it takes.
/// </remarks>
public readonly record struct SecretDigest : IComparable<SecretDigest>
{
    /// <summary>The length of a digest.</summary>
    public const int Bytes = SHA256.HashSizeInBytes;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>A digest from its bytes.</summary>
    public SecretDigest(ReadOnlySpan<byte> bytes)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The digest of a secret.</summary>
    public static SecretDigest Of(string secret)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), hash);
        return new SecretDigest(hash);
    }

    /// <summary>The digest's bytes.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _d);
    }

    /// <inheritdoc />
    public int CompareTo(SecretDigest other) => (_a, _b, _c, _d).CompareTo((other._a, other._b, other._c, other._d));

    /// <summary>In the order of the bytes.</summary>
    public static bool operator <(SecretDigest left, SecretDigest right) => left.CompareTo(right) < 0;

    /// <summary>In the order of the bytes.</summary>
    public static bool operator >(SecretDigest left, SecretDigest right) => left.CompareTo(right) > 0;

    /// <summary>In the order of the bytes.</summary>
    public static bool operator <=(SecretDigest left, SecretDigest right) => left.CompareTo(right) <= 0;

    /// <summary>In the order of the bytes.</summary>
    public static bool operator >=(SecretDigest left, SecretDigest right) => left.CompareTo(right) >= 0;

    /// <inheritdoc />
    public override int GetHashCode() => _a.GetHashCode();
}
