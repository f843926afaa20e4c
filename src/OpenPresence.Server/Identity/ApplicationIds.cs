using System.Security.Cryptography;
using System.Text;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Client ids as GUIDs. Graph's are; another provider's may be any text (<c>wallboard</c>), and everything behind
/// the token (sessions, throttling) wants one fixed-size id. Such a text becomes a GUID of version 8
/// (RFC 9562): the first 16 bytes of SHA-256 over issuer name, a zero byte and the text. The same client
/// therefore keeps its sessions over restarts and on every node, and two issuers' clients of one name stay two.
/// </summary>
public static class ApplicationIds
{
    /// <summary>The id of a client of an issuer.</summary>
    public static Guid Of(string issuerName, string clientId)
    {
        if (Guid.TryParseExact(clientId, "D", out var id))
        {
            return id;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{issuerName}\0{clientId}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
