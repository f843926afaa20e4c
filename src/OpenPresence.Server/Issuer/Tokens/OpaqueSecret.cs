using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using OpenPresence.Engine;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// Codes and refresh tokens: random bytes, and when they end, so that one that is long forgotten
/// can still be called expired rather than unknown. The end is a hint for that message and nothing
/// else: it is not signed.
/// </summary>
internal static class OpaqueSecret
{
    /// <summary>Of a code.</summary>
    private const int RandomBytes = 32;

    /// <summary>
    /// Of a refresh token, so that it is as long as Entra ID's, 1,000 to 1,600 characters: what has no room for such a
    /// one must fail here too.
    /// </summary>
    private const int RefreshTokenRandomBytes = 900;

    private const char Separator = '.';

    public static string Make(Instant endsAt) => Make(endsAt, RandomBytes);

    public static string MakeRefreshToken(Instant endsAt) => Make(endsAt, RefreshTokenRandomBytes);

    private static string Make(Instant endsAt, int randomBytes) =>
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(randomBytes))
        + Separator
        + endsAt.ToDateTimeOffset().ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Whether the text says of itself that it has ended.</summary>
    public static bool SaysEnded(string text, Instant now)
    {
        var end = text.AsSpan(text.LastIndexOf(Separator) + 1);
        return long.TryParse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0
            && seconds <= now.ToDateTimeOffset().ToUnixTimeSeconds();
    }
}
