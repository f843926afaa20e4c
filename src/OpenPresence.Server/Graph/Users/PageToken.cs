using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpenPresence.Server.Graph.Users;

/// <summary>
/// The opaque place where a page of users ended, which the next one begins after. It carries a digest of tenant,
/// questions and place, so a token that was changed, or comes with other questions, is found out. It is no secret:
/// whoever computes one by hand reads a list from the middle, which any filter allows. So it needs no
/// key, and works after a restart and on every node.
/// </summary>
internal static class PageToken
{
    /// <summary>Longer than the longest name and value make it.</summary>
    public const int CharsMax = 4096;

    private const int DigestBytes = 16;

    public static string Write(Guid tenantId, string identity, UserPlace place)
    {
        var content = Encoding.UTF8.GetBytes($"{place.Value}\n{place.Name}");
        return Base64Url.EncodeToString([.. Digest(tenantId, identity, content), .. content]);
    }

    /// <summary>The place; false: this is no token for these questions.</summary>
    public static bool TryRead(string token, Guid tenantId, string identity, out UserPlace place)
    {
        place = default;
        if (token.Length > CharsMax || !Base64Url.IsValid(token))
        {
            return false;
        }
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < DigestBytes)
        {
            return false;
        }
        var content = bytes[DigestBytes..];
        if (!Digest(tenantId, identity, content).AsSpan().SequenceEqual(bytes.AsSpan(0, DigestBytes)))
        {
            return false;
        }
        var text = Encoding.UTF8.GetString(content);
        var end = text.LastIndexOf('\n');
        place = end < 0 ? default : new UserPlace(text[..end], text[(end + 1)..]);
        return end >= 0;
    }

    private static byte[] Digest(Guid tenantId, string identity, byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("users page 1\n"u8);
        hash.AppendData(tenantId.ToByteArray(bigEndian: true));
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
        hash.AppendData(content);
        return hash.GetHashAndReset()[..DigestBytes];
    }
}
