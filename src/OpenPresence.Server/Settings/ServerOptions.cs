using System.Collections.Immutable;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Settings;

/// <summary>Which defaults and which doors.</summary>
public enum Profile
{
    /// <summary>Loopback only, built-in issuer, demo tenant.</summary>
    Development,

    /// <summary>External issuers, no built-in issuer unless configured.</summary>
    Production,
}

/// <summary>How a line of the log looks.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: a JSON object.</summary>
    Json,
}

/// <summary>Every setting, with its default, range and unit.</summary>
/// <remarks>
/// Each can be given on the command line, in the environment and in the settings file, which count in that
/// order; <see cref="Setting"/> says how it is called there. What must not be combined is in
/// <see cref="OptionRules"/>. <c>docs/settings.jsonc</c> is the same for people; a test compares the two.
/// </remarks>
public sealed record ServerOptions
{
    [Setting("Which defaults and which doors: development or production.")]
    public Profile Profile { get; init; } = Profile.Development;

    [Setting(
        "The data directory: journal, keys, certificates. Made if it is missing; owner-only.",
        Name = "data",
        Unit = "folder"
    )]
    public string DataDirectory { get; init; } = ".openpresence";

    [Setting(
        "The PostgreSQL database that several nodes share, as Host=…;Database=…. None: files in the data "
            + "directory, for one node. A secret if it holds a password; it is never logged.",
        Unit = "connection string"
    )]
    public string? Journal { get; init; }

    [Setting("The password for that database, alone in a file; read anew for each connection.", Unit = "file")]
    public string? JournalPasswordFile { get; init; }

    [Setting(
        "The private keys that tokens and notifications are signed with: the same for all nodes of a database, "
            + "as a folder that they share or copies. Owner-only. None: keys in the data directory.",
        Name = "keys",
        Unit = "folder"
    )]
    public string? KeysDirectory { get; init; }

    [Setting(
        "What this node is called in /health/ready, in the log and by journal verify. None: as the machine.",
        Unit = "name"
    )]
    public string? NodeName { get; init; }

    [Setting(
        "The tenants, people and applications of an empty data directory. None: in development "
            + "the built-in demo tenant, in production nothing.",
        Unit = "file"
    )]
    public string? Seed { get; init; }

    [Setting("For plain HTTP; 0: a free one, -1: none.", Min = -1, Max = 65_535, Unit = "port")]
    public int HttpPort { get; init; } = 5080;

    [Setting(
        "For HTTPS; 0: a free one, -1: none. In drop-in mode the default is 443.",
        Min = -1,
        Max = 65_535,
        Unit = "port"
    )]
    public int HttpsPort { get; init; } = 5443;

    [Setting("Where to listen: loopback, any (every interface), or addresses of this machine.", Unit = "address")]
    public ImmutableArray<string> Listen { get; init; } = ["loopback"];

    [Setting("In production: whether plain HTTP may be heard beyond loopback.")]
    public bool AllowPlainHttpBeyondLoopback { get; init; }

    [Setting("Whether the built-in issuer may be heard beyond loopback.")]
    public bool AllowIssuerBeyondLoopback { get; init; }

    [Setting(
        "What clients call this server, for links and issuer names. None: the host of each request.",
        Unit = "address"
    )]
    public Uri? PublicUrl { get; init; }

    [Setting(
        "The certificate chain, leaf first, as PEM; read again when it changes. None: one of our own.",
        Unit = "file"
    )]
    public string? CertificateFile { get; init; }

    [Setting("The private key of the certificate, as PEM without password.", Unit = "file")]
    public string? CertificateKeyFile { get; init; }

    [Setting("More names and addresses in the certificate of our own.", Unit = "name")]
    public ImmutableArray<string> CertificateNames { get; init; } = [];

    [Setting("The proxies whose X-Forwarded-For, -Proto and -Host are believed.", Unit = "address or network")]
    public ImmutableArray<string> TrustedProxies { get; init; } = [];

    [Setting(
        "Networks that notifications may be sent to although they are not public ones. Development "
            + "may always call this machine.",
        Unit = "address or network"
    )]
    public ImmutableArray<string> ReceiverNetworks { get; init; } = [];

    [Setting(
        "Authorities that receivers of notifications may be vouched for by, beside the system's; PEM.",
        Unit = "file"
    )]
    public string? ReceiverAuthoritiesFile { get; init; }

    [Setting(
        "The version of the validation tokens in notifications: 1 or 2, as Entra ID's.",
        Min = 1,
        Max = 2,
        Unit = "version"
    )]
    public int ValidationTokenVersion { get; init; } = 1;

    [Setting("Whether a refresh token of the built-in issuer ends after its use, when another one took its place.")]
    public bool RotateRefreshTokens { get; init; }

    [Setting("The cloud to stand in for; in drop-in mode each request's host decides.")]
    public Cloud Cloud { get; init; } = Cloud.Global;

    [Setting("Stand in for the cloud's own host names: certificate for them, port 443. Read the dangers.")]
    public bool DropIn { get; init; }

    [Setting("Whether this server issues tokens itself. None: in development only.")]
    public bool? BuiltInIssuer { get; init; }

    [Setting("Behave exactly as Graph, also where this server could do more for its clients.")]
    public bool Strict { get; init; }

    [Setting("Whether a user principal name may stand in a presence route; Graph wants the id.")]
    public bool AcceptUserPrincipalNames { get; init; }

    [Setting(
        "How many requests an application may make in a tenant before it gets 429.",
        Name = "throttleLimit",
        Min = 1,
        Max = 100_000_000,
        Unit = "requests in 30 s"
    )]
    public int ThrottleRequestsPer30Seconds { get; init; } = 1500;

    [Setting(
        "Whether subscriptions may do what Graph's cannot: be an application's own, several of one "
            + "application, of everyone. None: in development only. Never when strict."
    )]
    public bool? SubscriptionsBeyondGraph { get; init; }

    [Setting("How many subscriptions a tenant may have at once.", Min = 1, Max = 10_000_000, Unit = "subscriptions")]
    public int SubscriptionsPerTenantMax { get; init; } = 100_000;

    [Setting(
        "The first damaged entry of the journal, as the refusal to start names it: it and what follows "
            + "are set aside, and lost. Does nothing when that entry is healthy. None: nothing is.",
        Min = 1,
        Max = (1L << 48) - 1,
        Unit = "position"
    )]
    public long? JournalTruncateAt { get; init; }

    [Setting(
        "How many states to remember of each person, in memory; 0: none. Read docs/own-routes.md first.",
        Min = 0,
        Max = 1_000,
        Unit = "states"
    )]
    public int HistoryEntries { get; init; }

    [Setting("For how long they are remembered.", Min = 1, Max = 366, Unit = "days")]
    public int HistoryDays { get; init; } = 30;

    [Setting(
        "What opens the control API (/control), at least 16 characters. None: in development this "
            + "machine alone may use it, in production nobody.",
        Unit = "secret"
    )]
    public string? ControlToken { get; init; }

    [Setting(
        "What opens GET /metrics, at least 16 characters. None: in development this machine alone may "
            + "read it, in production nobody.",
        Unit = "secret"
    )]
    public string? MetricsToken { get; init; }

    [Setting("How the log is written to standard output: text, or json, an object for each line.")]
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    [Setting(
        "How many requests GET /control/requests remembers where there is a control API; 0: none.",
        Min = 0,
        Max = 10_000,
        Unit = "requests"
    )]
    public int RequestsKept { get; init; } = 500;

    [Setting("How many live streams may be open on this node.", Min = 1, Max = 100_000, Unit = "streams")]
    public int LiveStreamsMax { get; init; } = 10_000;

    [Setting(
        "How long a server that is told to stop says so at /health/ready, and answers on, before it closes its "
            + "doors; PT0S to PT5M. None: in development PT0S, in production PT5S.",
        Unit = "duration"
    )]
    public TimeSpan? Drain { get; init; }

    [Setting("Whether there is a page at / for browsers. None: in development only.")]
    public bool? Page { get; init; }

    [Setting(
        "The application that people sign in to the page with, a public client of the first trusted issuer. "
            + "None: in development the page signs in by the control API.",
        Unit = "client id"
    )]
    public string? PageClientId { get; init; }

    [Setting(
        "The scopes that the page asks the issuer for, with spaces between. None: Graph's own names for "
            + "reading everybody's presence and setting one's own.",
        Unit = "scopes"
    )]
    public string? PageScopes { get; init; }

    /// <summary>How bearer tokens are judged, and whose; in the settings file only.</summary>
    public AuthOptions Auth { get; init; } = new();

    /// <summary>Who may fill the directory over SCIM; in the settings file only.</summary>
    public ProvisioningOptions Provisioning { get; init; } = new();

    /// <summary>Whether subscriptions may do what Graph's cannot, the profile's default included.</summary>
    public bool GoesBeyondGraph => !Strict && (SubscriptionsBeyondGraph ?? Profile == Profile.Development);

    /// <summary>How long a stop takes to announce itself, the profile's default included.</summary>
    public TimeSpan DrainsFor => Drain ?? (Profile == Profile.Production ? TimeSpan.FromSeconds(5) : TimeSpan.Zero);

    /// <summary>The longest that a stop may announce itself.</summary>
    public static readonly TimeSpan DrainMax = TimeSpan.FromMinutes(5);

    /// <summary>Whether there is a control API: in production only with a token of its own.</summary>
    public bool HasControl => Profile == Profile.Development || ControlToken is not null;

    /// <summary>Whether there is a page, the profile's default included.</summary>
    public bool ShowsPage => Page ?? Profile == Profile.Development;

    /// <summary>Whether this server issues tokens itself, the profile's default included.</summary>
    public bool IssuesTokens => BuiltInIssuer ?? Profile == Profile.Development;
}
