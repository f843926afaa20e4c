namespace OpenPresence.Server.Auth.Issuer;

/// <summary>Every limit and lifetime of the built-in issuer, in one place.</summary>
/// <remarks>
/// Those of grants are part of the rules of the journal's state machine: nodes of one installation must agree on them, so
/// they are no settings.
/// </remarks>
public static class IssuerLimits
{
    // Lifetimes. Entra ID's defaults where it documents one.

    /// <summary>Of access tokens and id tokens.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    /// <summary>Of an authorization code.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Of a device code.</summary>
    public static readonly TimeSpan DeviceCodeLifetime = TimeSpan.FromMinutes(15);

    /// <summary>Of a refresh token that is not used.</summary>
    public static readonly TimeSpan RefreshTokenLifetime = TimeSpan.FromDays(90);

    /// <summary>How long a refresh token may be used again after it was used.</summary>
    public static readonly TimeSpan RefreshTokenReuseGrace = TimeSpan.FromSeconds(60);

    /// <summary>Of a sign-in session of the browser (single sign-on).</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(24);

    /// <summary>The longest life of anything that a signing key signs.</summary>
    public static readonly TimeSpan SignedLifetimeMax = SessionLifetime;

    /// <summary>The longest life of an assertion that a client signs.</summary>
    public static readonly TimeSpan ClientAssertionLifetimeMax = TimeSpan.FromHours(24);

    /// <summary>How far the clocks of a client and of this server may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    // How much is remembered at once; beyond it, what would end first goes first.

    public const int CodesMax = 10_000;
    public const int DeviceCodesMax = 10_000;
    public const int RefreshTokensMax = 200_000;

    /// <summary>The living one, those of the grace, and used ones, to notice when one is used again.</summary>
    public const int RefreshTokensPerGrantMax = 8;

    /// <summary>How much of what has ended one change clears away.</summary>
    public const int PrunedPerChangeMax = 256;
}
