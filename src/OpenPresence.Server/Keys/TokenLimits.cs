namespace OpenPresence.Server.Keys;

/// <summary>How long what this server signs is good for.</summary>
public static class TokenLimits
{
    /// <summary>Of access tokens, id tokens and validation tokens; Entra ID's default.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The longest life of anything that a signing key signs: of a sign-in session of the browser.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromHours(24);

    /// <summary>The longest life of anything that is sealed: of a refresh token that is not used.</summary>
    public static readonly TimeSpan SealedLifetimeMax = TimeSpan.FromDays(90);

    /// <summary>How far the clocks of a client and of this server may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
}
