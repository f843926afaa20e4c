namespace OpenPresence.Server.Auth.Issuer;

/// <summary>Every limit and lifetime of the built-in issuer, in one place.</summary>
public static class IssuerLimits
{
    // Lifetimes. Entra ID's defaults where it documents one.

    /// <summary>Of access tokens and id tokens.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    /// <summary>Of a sign-in session of the browser (single sign-on).</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(24);

    /// <summary>The longest life of anything that a signing key signs.</summary>
    public static readonly TimeSpan SignedLifetimeMax = SessionLifetime;

    /// <summary>How far the clocks of a client and of this server may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
}
