using System.Collections.Immutable;
using OpenPresence.Engine;

namespace OpenPresence.Server.State.Grants;

/// <summary>What ends by itself.</summary>
internal interface IExpiring
{
    /// <summary>From this instant on it is as if it had never been.</summary>
    Instant ExpiresAt { get; }
}

/// <summary>An authorization code, as long as it lives.</summary>
/// <param name="Grant">What it stands for.</param>
/// <param name="RedirectUri">Where it was sent.</param>
/// <param name="CodeChallenge">PKCE S256; null: none.</param>
/// <param name="Nonce">For the id token.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="IsRedeemed">Kept after it was redeemed, to notice a second time.</param>
public sealed record IssuedCode(
    PersonGrant Grant,
    string RedirectUri,
    string? CodeChallenge,
    string? Nonce,
    Instant ExpiresAt,
    bool IsRedeemed = false
) : IExpiring;

/// <summary>What a person decided about a device.</summary>
public enum DeviceDecision : byte
{
    Pending = 0,
    Approved = 1,
    Denied = 2,
}

/// <summary>A device's wish to be signed in, as long as it lives.</summary>
/// <param name="UserCode">What the person types.</param>
/// <param name="GrantId">The id of the grant that this becomes.</param>
/// <param name="ClientId">The application.</param>
/// <param name="TenantId">Whose people may approve.</param>
/// <param name="Scope">The scopes as they were asked for.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="PersonId">Who approved.</param>
/// <param name="IsRedeemed">Whether the device has collected its tokens.</param>
public sealed record IssuedDeviceCode(
    SecretDigest UserCode,
    Guid GrantId,
    Guid ClientId,
    Guid TenantId,
    string Scope,
    Instant ExpiresAt,
    DeviceDecision Decision = DeviceDecision.Pending,
    Guid PersonId = default,
    bool IsRedeemed = false
) : IExpiring
{
    /// <summary>The grant, once a person approved.</summary>
    public PersonGrant Grant => new(GrantId, TenantId, PersonId, ClientId, Scope);
}

/// <summary>A refresh token, as long as it lives.</summary>
/// <param name="GrantId">What it stands for.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="RedeemedAt">Since when it has a successor; null: it has none.</param>
public sealed record IssuedRefreshToken(Guid GrantId, Instant ExpiresAt, Instant? RedeemedAt = null) : IExpiring;

/// <summary>A refresh token that was looked up.</summary>
/// <param name="Grant">What it stands for.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record FoundRefreshToken(PersonGrant Grant, Instant ExpiresAt);

/// <summary>A grant with refresh tokens, oldest token first.</summary>
internal sealed record RefreshableGrant(PersonGrant Grant, ImmutableArray<SecretDigest> Tokens);
