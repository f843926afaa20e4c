namespace OpenPresence.Server.Auth;

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

    /// <summary>The longest token that is looked at. Default 16,384 bytes, 1,024 to 65,536.</summary>
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

/// <summary>What becomes of a valid token that names a person whose id is not in the directory.</summary>
public enum UnknownPerson : byte
{
    /// <summary>401. The user claim must be the person's object id.</summary>
    Refuse,

    /// <summary>
    /// The person with the token's user principal name in the token's tenant; 401 when there is none.
    /// Only for providers whose people cannot choose that claim themselves: who can, becomes anybody.
    /// </summary>
    MatchByUserPrincipalName,
}

/// <summary>One issuer beside the built-in one, for example Entra ID or Keycloak.</summary>
public sealed record TrustedIssuerOptions
{
    /// <summary>What logs and faults call it. Required, unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Where its discovery document lies, without <c>/.well-known/openid-configuration</c>. Required; https
    /// unless the host is a loopback one.
    /// </summary>
    public string Authority { get; init; } = "";

    /// <summary>
    /// The values of <c>iss</c> that are its own; <c>{tenantid}</c> stands for the token's tenant. Default:
    /// the authority. Entra ID's version 1.0 tokens need <c>https://sts.windows.net/{tenantid}/</c> here.
    /// </summary>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>
    /// The values of <c>aud</c> that mean this server. Required: a default would accept tokens that were
    /// made for somebody else and then stolen there.
    /// </summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The tenants that it may speak for, by id. Either these or <see cref="FixedTenant"/>.</summary>
    public IReadOnlyList<Guid> Tenants { get; init; } = [];

    /// <summary>The tenant of all its tokens, when they carry no claim for it.</summary>
    public Guid? FixedTenant { get; init; }

    /// <summary>What its claims are called.</summary>
    public ClaimNames Claims { get; init; } = new();

    /// <summary>What becomes of people who are not in the directory. Default: refused.</summary>
    public UnknownPerson UnknownPerson { get; init; } = UnknownPerson.Refuse;

    /// <summary>
    /// Whether the calling application must be in the directory. Default: no, for the issuer has its own
    /// register of them, and its tokens say what each may do.
    /// </summary>
    public bool ApplicationMustBeKnown { get; init; }
}

/// <summary>
/// What an issuer calls its claims. Each value is one name or several with spaces between, of which the first
/// that a token carries counts. A name that begins with <c>/</c> is a JSON pointer, for claims inside claims:
/// <c>/realm_access/roles</c>. The defaults are those of Entra ID, versions 1.0 and 2.0.
/// </summary>
public sealed record ClaimNames
{
    /// <summary>The tenant: its id or a domain name of it. Not looked at with a fixed tenant.</summary>
    public string Tenant { get; init; } = "tid";

    /// <summary>The person's object id.</summary>
    public string User { get; init; } = "oid";

    /// <summary>The person's sign-in name; see <see cref="UnknownPerson.MatchByUserPrincipalName"/>.</summary>
    public string UserPrincipalName { get; init; } = "upn preferred_username unique_name";

    /// <summary>
    /// The calling application's client id. What is no GUID becomes one, always the same for the same issuer
    /// and text (see <see cref="ApplicationIds"/>).
    /// </summary>
    public string Application { get; init; } = "appid azp";

    /// <summary>The delegated permissions: words in a string, or an array.</summary>
    public string Scopes { get; init; } = "scp";

    /// <summary>The application's permissions: words in a string, or an array.</summary>
    public string Roles { get; init; } = "roles";

    /// <summary>Says <c>app</c> or <c>user</c>: whose token it is.</summary>
    public string TokenKind { get; init; } = "idtyp";

    /// <summary>
    /// A claim whose mere presence says that the token is an application's own; empty: there is none.
    /// </summary>
    public string ApplicationOnly { get; init; } = "";

    /// <summary>Who vouched for the person; tells personal accounts.</summary>
    public string IdentityProvider { get; init; } = "idp";
}
