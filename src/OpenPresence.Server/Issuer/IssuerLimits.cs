namespace OpenPresence.Server.Issuer;

/// <summary>Every limit and lifetime of the built-in issuer, in one place.</summary>
/// <remarks>
/// Those of grants are part of the rules of the journal's state machine: nodes of one installation
/// must agree on them, so they are no settings.
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

    /// <summary>
    /// How long a code or token that is unknown here is waited for, since another node may have handed it out a moment
    /// ago. After that nobody can say, and the client is told to try again: "unknown" would have it throw away a good one.
    /// </summary>
    public static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(2);

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
    /// How often one client assertion may be used; see <see cref="Issuer.Clients.AssertionUses"/>.
    /// </summary>
    public const int AssertionUsesMax = 200;

    public const int AssertionsRememberedMax = 10_000;

    /// <summary>People on the page to choose from; whoever is not shown can be typed.</summary>
    public const int PeopleShownMax = 60;
}
