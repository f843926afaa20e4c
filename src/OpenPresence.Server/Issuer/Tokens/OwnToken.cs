using OpenPresence.Engine;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// A token that this issuer signed and now gets back: the assertion of on-behalf-of, userinfo's
/// bearer, a session.
/// </summary>
/// <param name="Audience"><c>aud</c>.</param>
/// <param name="TenantId"><c>tid</c>.</param>
/// <param name="PersonId"><c>oid</c>; an application's own token names its service
/// principal.</param>
/// <param name="ClientId"><c>appid</c> or <c>azp</c>; null: a session's.</param>
/// <param name="Scopes"><c>scp</c>; null: an application's own token, or an id token.</param>
/// <param name="HasEnded">Whether it is past its <c>exp</c>.</param>
/// <param name="MadeAt">The journal's position when it was made; 0: it does not say.</param>
internal sealed record OwnToken(
    string Audience,
    Guid TenantId,
    Guid PersonId,
    Guid? ClientId,
    string? Scopes,
    bool HasEnded,
    long MadeAt
)
{
    /// <summary>Of a session alone.</summary>
    public const string MadeAtClaim = "position";

    /// <summary>Whether that is a token at all, of whichever issuer.</summary>
    public static bool IsToken(string text)
    {
        var isToken = CompactToken.TryParse(text, IssuerLimits.AssertionCharsMax, out var token);
        token?.Dispose();
        return isToken;
    }

    /// <summary>
    /// What the token says; null: this issuer did not sign it, or not as that type.
    /// </summary>
    public static async ValueTask<OwnToken?> ReadAsync(IssuerCall call, string text, string type)
    {
        if (!CompactToken.TryParse(text, IssuerLimits.AssertionCharsMax, out var token))
        {
            return null;
        }

        using (token)
        {
            var keyId = TokenClaims.Text(token.Header, "kid");
            if (
                keyId is null
                || TokenClaims.Text(token.Header, "alg") != "RS256"
                || TokenClaims.Text(token.Header, "typ") != type
                || await call.Issuer.Keys.FindAsync(keyId, call.Cancel) is not { } key
                || !SignatureAlgorithms.Verify("RS256", key, token.SignedBytes, token.Signature)
            )
            {
                return null;
            }

            var claims = token.Payload;
            TokenClaims.TryReadInstant(claims, "exp", out var endsAt);
            return new OwnToken(
                TokenClaims.Text(claims, "aud") ?? "",
                Id(TokenClaims.Text(claims, "tid")) ?? default,
                Id(TokenClaims.Text(claims, "oid")) ?? default,
                Id(TokenClaims.Text(claims, "appid") ?? TokenClaims.Text(claims, "azp")),
                TokenClaims.Text(claims, "scp"),
                endsAt is null || Instant.From(endsAt.Value) <= call.Now,
                claims.TryGetProperty(MadeAtClaim, out var at) && at.TryGetInt64(out var position) ? position : 0
            );
        }
    }

    private static Guid? Id(string? text) => Guid.TryParseExact(text, "D", out var id) ? id : null;
}
