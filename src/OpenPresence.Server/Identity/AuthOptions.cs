namespace OpenPresence.Server.Identity;

/// <summary>
/// How bearer tokens are judged. The section <c>Auth</c> of the settings; docs/issuers.md has examples.
/// </summary>
public sealed record AuthOptions
{
    /// <summary>
    /// How far the clocks of an issuer and of this server may differ: a token is good this much before its
    /// <c>nbf</c> and after its <c>exp</c>. Default 1 minute, 0 to 5 minutes.
    /// </summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The longest token that is looked at. Default 16,384 bytes, 1,024 to 32,768, which is what the web server
    /// takes of all headers together.
    /// </summary>
    public int TokenBytesMax { get; init; } = 16 * 1024;

    /// <summary>
    /// How many validated tokens are remembered. Default 20,000, 0 (none) to 1,000,000. About 2 KB of
    /// memory each, see <see cref="TokenCache"/>.
    /// </summary>
    public int TokenCacheEntriesMax { get; init; } = 20_000;

    /// <summary>How many bytes they may take together. Default 64 MiB, 0 to 4 GiB.</summary>
    public long TokenCacheBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// After how long a remembered token is validated from the start again, so that whatever changed without
    /// anybody saying so (a disabled account, a withdrawn key) holds. Default 5 minutes, 1 second to 1 hour.
    /// </summary>
    public TimeSpan RevalidateAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whose tokens are accepted beside those of the built-in issuer. At most 20.</summary>
    public IReadOnlyList<TrustedIssuerOptions> TrustedIssuers { get; init; } = [];
}
