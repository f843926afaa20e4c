namespace OpenPresence.Server.State.Grants;

/// <summary>The limits of what is remembered of sign-ins.</summary>
/// <remarks>
/// They are part of the rules of the journal's state machine: nodes of one installation must agree on them, so they are no
/// settings.
/// </remarks>
public static class GrantLimits
{
    /// <summary>How long a refresh token may be used again after it was used.</summary>
    public static readonly TimeSpan RefreshTokenReuseGrace = TimeSpan.FromSeconds(60);

    // How much is remembered at once; beyond it, what would end first goes first.

    public const int CodesMax = 10_000;
    public const int DeviceCodesMax = 10_000;
    public const int RefreshTokensMax = 200_000;

    /// <summary>
    /// The living one, those of the grace, and used ones, to notice when one is used again.
    /// </summary>
    public const int RefreshTokensPerGrantMax = 8;

    /// <summary>How much of what has ended one change clears away.</summary>
    public const int PrunedPerChangeMax = 256;
}
