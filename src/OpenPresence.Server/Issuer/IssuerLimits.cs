using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Issuer;

/// <summary>
/// Every limit and lifetime of the built-in issuer; those of what is signed and sealed are <see cref="TokenLimits"/>.
/// </summary>
public static class IssuerLimits
{
    // Lifetimes. Entra ID's defaults where it documents one.

    /// <summary>Of an authorization code.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Of a device code.</summary>
    public static readonly TimeSpan DeviceCodeLifetime = TimeSpan.FromMinutes(15);

    /// <summary>Of a refresh token that is not used.</summary>
    public static readonly TimeSpan RefreshTokenLifetime = TokenLimits.SealedLifetimeMax;

    /// <summary>With rotation, how long a refresh token may be used again after it was used.</summary>
    public static readonly TimeSpan RefreshTokenReuseGrace = TimeSpan.FromSeconds(60);

    /// <summary>Of a sign-in session of the browser (single sign-on).</summary>
    public static readonly TimeSpan SessionLifetime = TokenLimits.LifetimeMax;

    /// <summary>The longest life of an assertion that a client signs.</summary>
    public static readonly TimeSpan ClientAssertionLifetimeMax = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a node catches up with the others before it says whether a sign-in was revoked. After that it cannot say, and
    /// the client is told to try again.
    /// </summary>
    public static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(2);

    // How much is remembered at once, on each node.

    public const int DeviceCodesMax = 10_000;
    public const int CodesRememberedMax = 10_000;
    public const int RefreshTokensRememberedMax = 200_000;
    public const int AssertionsRememberedMax = 10_000;

    // Requests.

    /// <summary>Of a form. The largest real one carries an assertion of a few thousand.</summary>
    public const int BodyBytesMax = 64 * 1024;

    public const int ParametersMax = 64;

    /// <summary>Of a parameter without a limit of its own below.</summary>
    public const int ParameterCharsMax = 2048;

    public const int ClientIdCharsMax = 64;
    public const int ScopeCharsMax = 4096;
    public const int ScopesMax = 100;
    public const int StateCharsMax = 8192;
    public const int ClaimsCharsMax = 8192;
    public const int AssertionCharsMax = 16 * 1024;
    public const int SecretCharsMax = 256;

    /// <summary>Of a code or refresh token: the longest has every scope and a nonce that are as long as they can be.</summary>
    public const int SealedCharsMax = 32 * 1024;

    public const int NameCharsMax = 256;

    /// <summary>How much of what a client sent an error message repeats.</summary>
    public const int QuotedCharsMax = 200;

    // Guessing.

    /// <summary>
    /// Wrong user codes in a minute, by everybody together. A code has 45 random bits and lives a
    /// quarter of an hour, so this leaves a guesser one chance in 10^11.
    /// </summary>
    public const int WrongUserCodesPerMinuteMax = 30;

    /// <summary>
    /// How often one client assertion may be used. RFC 7523 would have each used once; but msal-node keeps one until it
    /// ends, workload identities send one file for hours, and Entra ID lets them. So a replay is bounded, and not forbidden.
    /// </summary>
    public const int AssertionUsesMax = 200;

    /// <summary>People on the page to choose from; a person who is not shown can be typed.</summary>
    public const int PeopleShownMax = 60;
}
