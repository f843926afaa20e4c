namespace OpenPresence.Server.Auth;

/// <summary>
/// The <c>WWW-Authenticate</c> of a 401, in Graph's form: the address at which a client signs people in, and the
/// application id of the API. Clients that discover their authority by sending a request without a token read it.
/// </summary>
public static class AuthenticateChallenge
{
    /// <summary>The header's value.</summary>
    /// <param name="loginOrigin">
    /// Scheme, host and port of the issuer, without a slash at the end: the cloud's login host, or this
    /// server's own address when it carries the issuer.
    /// </param>
    public static string Of(string loginOrigin) =>
        $"Bearer realm=\"\", authorization_uri=\"{loginOrigin}/common/oauth2/authorize\", "
        + $"client_id=\"{Audiences.GraphApplicationId}\"";
}
