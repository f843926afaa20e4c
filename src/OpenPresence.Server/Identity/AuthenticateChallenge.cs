namespace OpenPresence.Server.Identity;

/// <summary>
/// The <c>WWW-Authenticate</c> of a 401, in Graph's form: the address at which a client signs people in, and the
/// application id of the API. Clients that discover their authority by sending a request without a token read it.
/// </summary>
public static class AuthenticateChallenge
{
    /// <summary>The header's value.</summary>
    /// <param name="loginOrigin">
    /// Scheme, host and port of an issuer in the shape of Entra ID, without a slash at the end: the cloud's login host, or
    /// this server's own address when it carries the issuer.
    /// </param>
    public static string Of(string loginOrigin) => At(loginOrigin + "/common/oauth2/authorize");

    /// <summary>
    /// The same for the issuers of the settings: people sign in at the first one. One of Microsoft's login hosts has
    /// Graph's own form; of any other the authority is named, at which its discovery document lies, because only that
    /// document knows where it authorizes.
    /// </summary>
    /// <param name="authority">The authority, as it is set.</param>
    /// <param name="loginHosts">The login hosts of Microsoft's clouds.</param>
    public static string OfAuthority(Uri authority, IEnumerable<string> loginHosts) =>
        loginHosts.Contains(authority.Host, StringComparer.OrdinalIgnoreCase)
            ? Of(authority.GetLeftPart(UriPartial.Authority))
            : At(authority.AbsoluteUri);

    private static string At(string address) =>
        $"Bearer realm=\"\", authorization_uri=\"{address}\", " + $"client_id=\"{Audiences.GraphApplicationId}\"";
}
