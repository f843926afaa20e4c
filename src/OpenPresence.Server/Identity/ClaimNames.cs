namespace OpenPresence.Server.Identity;

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
    /// A claim whose presence alone decides that the token is an application's own; empty: there is none.
    /// </summary>
    public string ApplicationOnly { get; init; } = "";

    /// <summary>Who vouched for the person; tells personal accounts.</summary>
    public string IdentityProvider { get; init; } = "idp";
}
