using System.Security.Cryptography;
using System.Text;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Scim;

/// <summary>
/// Whose token it is. Only hashes are held, so that a dump of memory or a log of settings gives nothing away. The hash
/// is plain SHA-256: a token is long and random, and no dictionary holds it; slow hashes protect what people choose.
/// Every hash is compared, each in constant time, so the answer takes as long whichever it is.
/// </summary>
public sealed class ProvisioningTokens
{
    /// <summary>The fewest characters of a token in a file: 32 of base64 are 192 bits.</summary>
    public const int TokenCharsMin = 32;

    /// <summary>The most characters of a token.</summary>
    public const int TokenCharsMax = 4_096;

    private readonly (byte[] Sha256, ProvisioningClientOptions Client)[] known;

    private ProvisioningTokens((byte[], ProvisioningClientOptions)[] known) => this.known = known;

    /// <summary>Reads the tokens that the settings name, which were checked.</summary>
    /// <exception cref="StartRefusedException">A file cannot be read or has no token.</exception>
    public static ProvisioningTokens Open(ProvisioningOptions options) =>
        new([.. options.Clients.Select(client => (HashOf(client), client))]);

    /// <summary>The client that has this token; null: the token is unknown.</summary>
    public ProvisioningClientOptions? Find(ReadOnlySpan<char> token)
    {
        if (token.Length > TokenCharsMax)
        {
            return null;
        }
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token.ToArray()));
        ProvisioningClientOptions? found = null;
        foreach (var (sha256, client) in known)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, sha256) ? client : found;
        }
        return found;
    }

    private static byte[] HashOf(ProvisioningClientOptions client)
    {
        if (client.TokenSha256 is { } hex)
        {
            return Convert.FromHexString(hex);
        }
        var file = client.TokenFile!;
        try
        {
            var token = File.ReadAllText(file).Trim();
            return token.Length is >= TokenCharsMin and <= TokenCharsMax
                ? SHA256.HashData(Encoding.UTF8.GetBytes(token))
                : throw new StartRefusedException(
                    $"{file} must hold a token of {TokenCharsMin} to {TokenCharsMax} characters."
                );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The token cannot be read: {unreadable.Message}");
        }
    }
}
