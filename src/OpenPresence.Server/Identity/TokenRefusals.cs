using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Every answer to a token that is not accepted. Each helps whoever holds the token and tells nobody else
/// anything: what a token says is never repeated, for a message may end in somebody's log. Where a sentence
/// is ours, it fills the hole of the one Graph message for a failed validation.
/// </summary>
public static class TokenRefusals
{
    /// <summary>What a caller is told to wait while an issuer's keys cannot be fetched.</summary>
    public const int OutageRetryAfterSeconds = 10;

    public static readonly Refusal Missing = new(
        RefusalKind.TokenMissing,
        "The request carried no Authorization header: a Graph SDK sends its token only to hosts that it was told to "
            + "trust, so add this server's host name to the client's allowed hosts (allowedHosts, customHosts)."
    );

    public static readonly Refusal NoBearer = new(
        RefusalKind.TokenMissing,
        "The Authorization header does not begin with the word Bearer and a blank: a token without them, or another "
            + "scheme, is not read."
    );

    public static readonly Refusal BearerAlone = new(
        RefusalKind.TokenMissing,
        "The Authorization header says Bearer, and no token follows."
    );

    public static readonly Refusal Malformed = new(RefusalKind.TokenMalformed);
    public static readonly Refusal Expired = new(RefusalKind.TokenExpired);
    public static readonly Refusal NotYetValid = new(RefusalKind.TokenNotYetValid);
    public static readonly Refusal PersonalAccount = new(RefusalKind.PersonalAccount);

    public static readonly Refusal Type = Rejected("Invalid token type: this is not an access token.");

    public static readonly Refusal Critical = Rejected(
        "The header marks extensions as critical, and none is supported."
    );

    public static readonly Refusal Algorithm = Rejected(
        "Invalid signature algorithm: RS256, PS256 and ES256 are accepted."
    );

    public static readonly Refusal NoKeyId = Rejected("The header names no signing key: kid is missing.");

    public static readonly Refusal Issuer = Rejected(
        "Invalid issuer: this server does not trust the one that the token names."
    );

    public static readonly Refusal UnknownKey = Rejected(
        "Invalid signing key: the issuer publishes no key of that kid."
    );

    public static readonly Refusal Signature = Rejected("Invalid signature.");

    /// <summary>Entra ID salts its own tokens for Graph (<c>nonce</c> in the header); only Graph can check them.</summary>
    public static readonly Refusal SignatureForMicrosoftGraph = Rejected(
        "Invalid signature: tokens for Microsoft Graph itself can be checked by Microsoft alone. Ask the "
            + "issuer for a token whose audience is this server."
    );

    public static readonly Refusal NoLifetime = Rejected("Invalid lifetime: exp is missing.");

    public static readonly Refusal Tenant = Rejected(
        "Invalid tenant: it is not known here, or the issuer may not speak for it."
    );

    public static readonly Refusal Application = Rejected(
        "Invalid application: the token names none, or it is not registered here."
    );

    public static readonly Refusal Person = Rejected(
        "Invalid user: the token names none, or the account is not in the tenant's directory."
    );

    public static readonly Refusal PersonDisabled = Rejected("Invalid user: the account is disabled.");

    public static readonly Refusal KeysUnreachable = new(
        RefusalKind.ServiceUnavailable,
        "The token's issuer cannot be asked for its keys at the moment."
    )
    {
        RetryAfterSeconds = OutageRetryAfterSeconds,
    };

    public static Refusal Audience(string accepted) => Rejected($"Invalid audience: this server accepts {accepted}.");

    private static Refusal Rejected(string sentence) => new(RefusalKind.TokenRejected, sentence);
}
