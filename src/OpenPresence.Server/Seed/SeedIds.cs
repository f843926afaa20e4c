using System.Security.Cryptography;
using System.Text;

namespace OpenPresence.Server.Seed;

/// <summary>Ids that a seed leaves out: always the same for the same file, so that logs and tests can name them.</summary>
internal static class SeedIds
{
    /// <summary>The id of something that has a name inside something that has an id (RFC 9562, version 8).</summary>
    public static Guid From(Guid scope, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{scope} {name}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
