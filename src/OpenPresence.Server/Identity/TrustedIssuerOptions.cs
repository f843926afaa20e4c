namespace OpenPresence.Server.Identity;

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
    /// More values of <c>iss</c> that are its own, beside the authority; <c>{tenantid}</c> stands for the token's
    /// tenant. Entra ID's version 1.0 tokens need <c>https://sts.windows.net/{tenantid}/</c> here.
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
