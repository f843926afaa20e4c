using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Judges one token from the start. The order of the steps is the security of it:
/// <list type="number">
/// <item>shape: sizes, characters, JSON. No key is touched for what is no token.</item>
/// <item>header: type, algorithm, key id.</item>
/// <item>issuer: the one unproven claim that is used, to choose whose key must prove it.</item>
/// <item>key and signature. From here on the claims are the issuer's words.</item>
/// <item>lifetime, then audience.</item>
/// <item>who it is: tenant, application, person, permissions (<see cref="CallerReader"/>).</item>
/// </list>
/// The tempting wrong change is to look at <c>exp</c> first because it is cheap: then any caller learns from
/// made-up tokens what this server would accept, and an expired token of a stranger reads as merely expired.
/// Only the signature costs anything, and a token that passes is remembered (<see cref="TokenCache"/>).
/// </summary>
internal sealed class TokenValidator(
    ImmutableArray<TrustedIssuer> issuers,
    CallerReader callers,
    AuthOptions options,
    TimeProvider clock
)
{
    // "JWT" of Entra ID, "at+jwt" of RFC 9068; id tokens say JWT too and fail by their audience.
    private static readonly FrozenSet<string> AccessTokenTypes = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "JWT",
        "at+jwt",
        "application/at+jwt"
    );

    /// <summary>The caller, or why not.</summary>
    public async ValueTask<AuthResult> ValidateAsync(ReadOnlyMemory<char> text, CancellationToken cancel)
    {
        if (!CompactToken.TryParse(text.Span, options.TokenBytesMax, out var token))
        {
            return TokenRefusals.Malformed;
        }
        using (token)
        {
            if (CheckHeader(token.Header, out var algorithm, out var keyId) is { } wrongHeader)
            {
                return wrongHeader;
            }
            try
            {
                var found = await FindKeyAsync(token.Payload, keyId, cancel);
                if (found.Key is not { } key)
                {
                    return found.Issuer is null ? TokenRefusals.Issuer : TokenRefusals.UnknownKey;
                }
                if (!SignatureAlgorithms.Verify(algorithm, key, token.SignedBytes, token.Signature))
                {
                    return token.Header.TryGetProperty("nonce", out _)
                        ? TokenRefusals.SignatureForMicrosoftGraph
                        : TokenRefusals.Signature;
                }
                return Judge(token, found.Issuer!, found.TenantInIssuer);
            }
            catch (IssuerUnreachableException)
            {
                return TokenRefusals.KeysUnreachable;
            }
        }
    }

    private AuthResult Judge(CompactToken token, TrustedIssuer issuer, string? tenantInIssuer) =>
        CheckLifetime(token.Payload, out var expiresAt)
        ?? CheckAudience(token.Payload, issuer)
        ?? callers.Read(
            token.Payload,
            issuer,
            tenantInIssuer,
            expiresAt,
            // Signatures are as good as random, and those that are accepted have 64 bytes and more.
            BinaryPrimitives.ReadUInt64LittleEndian(token.Signature)
        );

    private static Refusal? CheckHeader(JsonElement header, out string algorithm, out string keyId)
    {
        algorithm = TokenClaims.Text(header, "alg") ?? "";
        keyId = TokenClaims.Text(header, "kid") ?? "";
        if (header.TryGetProperty("typ", out var type) && !IsAccessToken(type))
        {
            return TokenRefusals.Type;
        }
        if (header.TryGetProperty("crit", out _))
        {
            return TokenRefusals.Critical;
        }
        if (!SignatureAlgorithms.Accepted.Contains(algorithm))
        {
            return TokenRefusals.Algorithm;
        }
        return keyId.Length is 0 or > CompactToken.KeyIdCharsMax ? TokenRefusals.NoKeyId : null;
    }

    private static bool IsAccessToken(JsonElement type) =>
        TokenClaims.Text(type) is { } text && AccessTokenTypes.Contains(text);

    // The built-in issuer takes any host in iss, so a name may fit two: then the key says which. It never says more,
    // for an issuer whose name does not fit is not even asked.
    private async ValueTask<FoundKey> FindKeyAsync(JsonElement payload, string keyId, CancellationToken cancel)
    {
        var found = new FoundKey(null, null, null);
        if (TokenClaims.Text(payload, "iss") is not { } name)
        {
            return found;
        }
        foreach (var issuer in issuers)
        {
            if (issuer.Matches(name, out var tenant))
            {
                found = new(issuer, await issuer.Keys.FindAsync(keyId, cancel), tenant);
                if (found.Key is not null)
                {
                    return found;
                }
            }
        }
        return found;
    }

    private Refusal? CheckLifetime(JsonElement payload, out DateTimeOffset expiresAt)
    {
        expiresAt = default;
        if (
            !TokenClaims.TryReadInstant(payload, "exp", out var exp)
            || !TokenClaims.TryReadInstant(payload, "nbf", out var nbf)
        )
        {
            return TokenRefusals.Malformed;
        }
        if (exp is null)
        {
            return TokenRefusals.NoLifetime;
        }
        expiresAt = exp.Value;
        var now = clock.GetUtcNow();
        if (now - options.ClockSkew >= expiresAt)
        {
            return TokenRefusals.Expired;
        }
        return now + options.ClockSkew < nbf ? TokenRefusals.NotYetValid : null;
    }

    private static Refusal? CheckAudience(JsonElement payload, TrustedIssuer issuer) =>
        TokenClaims.Audiences(payload).Any(issuer.Audiences.Contains)
            ? null
            : TokenRefusals.Audience(issuer.Audiences.Accepted);

    private readonly record struct FoundKey(TrustedIssuer? Issuer, VerificationKey? Key, string? TenantInIssuer);
}
