using OpenPresence.Engine;

namespace OpenPresence.Server.State.Grants;

/// <summary>
/// One entry of the journal about what people granted to applications. Only digests of codes and
/// tokens: who reads the journal or a backup of it can use none of them.
/// </summary>
public abstract record GrantChange;

/// <summary>
/// Who granted what to whom. Every code and refresh token that comes of one sign-in shares it.
/// </summary>
/// <param name="Id">Names it; when it is revoked, all refresh tokens of it end.</param>
/// <param name="TenantId">The person's tenant.</param>
/// <param name="PersonId">The person.</param>
/// <param name="ClientId">The application.</param>
/// <param name="Scope">The scopes as they were asked for.</param>
public sealed record PersonGrant(Guid Id, Guid TenantId, Guid PersonId, Guid ClientId, string Scope);

/// <summary>A refresh token that comes into being with a change.</summary>
/// <param name="Token">Its digest.</param>
/// <param name="ExpiresAt">When it ends, unless it is used before.</param>
public sealed record NewRefreshToken(SecretDigest Token, Instant ExpiresAt);

/// <summary>A person signed in; the application gets a code.</summary>
/// <param name="Code">The code.</param>
/// <param name="Grant">What it stands for.</param>
/// <param name="RedirectUri">Where it was sent; must be named again when it is redeemed.</param>
/// <param name="CodeChallenge">PKCE S256; null: none.</param>
/// <param name="Nonce">For the id token; null: none.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record CodeIssued(
    SecretDigest Code,
    PersonGrant Grant,
    string RedirectUri,
    string? CodeChallenge,
    string? Nonce,
    Instant ExpiresAt
) : GrantChange;

/// <summary>
/// An application redeems a code. A second time revokes the grant: one of the two stole it.
/// </summary>
/// <param name="Code">The code.</param>
/// <param name="Refresh">The refresh token that is handed out for it; null: none was asked
/// for.</param>
public sealed record CodeRedeemed(SecretDigest Code, NewRefreshToken? Refresh) : GrantChange;

/// <summary>A device asks to be signed in by a person elsewhere.</summary>
/// <param name="DeviceCode">What the device polls with.</param>
/// <param name="UserCode">What the person types.</param>
/// <param name="GrantId">The id of the grant that this becomes.</param>
/// <param name="ClientId">The application.</param>
/// <param name="TenantId">Whose people may approve.</param>
/// <param name="Scope">The scopes as they were asked for.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record DeviceCodeIssued(
    SecretDigest DeviceCode,
    SecretDigest UserCode,
    Guid GrantId,
    Guid ClientId,
    Guid TenantId,
    string Scope,
    Instant ExpiresAt
) : GrantChange;

/// <summary>A person signs the device in.</summary>
/// <param name="UserCode">What the person typed.</param>
/// <param name="PersonId">Who.</param>
public sealed record DeviceCodeApproved(SecretDigest UserCode, Guid PersonId) : GrantChange;

/// <summary>A person says no.</summary>
/// <param name="UserCode">What the person typed.</param>
public sealed record DeviceCodeDenied(SecretDigest UserCode) : GrantChange;

/// <summary>The device collects its tokens.</summary>
/// <param name="DeviceCode">What it polls with.</param>
/// <param name="Refresh">The refresh token that is handed out for it; null: none was asked
/// for.</param>
public sealed record DeviceCodeRedeemed(SecretDigest DeviceCode, NewRefreshToken? Refresh) : GrantChange;

/// <summary>A refresh token of a sign-in that had no code: by password, or on behalf of.</summary>
/// <param name="Grant">What it stands for.</param>
/// <param name="Refresh">The token.</param>
public sealed record RefreshTokenIssued(PersonGrant Grant, NewRefreshToken Refresh) : GrantChange;

/// <summary>A refresh token is used, and a new one takes its place.</summary>
/// <param name="Token">The one that is used.</param>
/// <param name="Successor">The one that is handed out.</param>
public sealed record RefreshTokenRedeemed(SecretDigest Token, NewRefreshToken Successor) : GrantChange;

/// <summary>Refresh tokens end before their time.</summary>
/// <param name="PersonId">Of this person; empty: of everybody.</param>
/// <param name="ClientId">Of this application; empty: of every one.</param>
public sealed record GrantsRevoked(Guid PersonId, Guid ClientId) : GrantChange;
