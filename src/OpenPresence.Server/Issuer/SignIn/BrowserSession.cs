using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.Keys;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// Who is signed in in this browser, in a cookie that we signed: what makes the second
/// application's sign-in silent.
/// </summary>
/// <remarks>
/// Its type and audience are not those of any token, so neither can stand in for the other. Nothing
/// is stored: signing out is the browser's forgetting, a day is its longest life, and what revokes refresh tokens ends it too.
/// </remarks>
internal static class BrowserSession
{
    private const string Cookie = "openpresence-session";
    private const string Type = "session+jwt";
    private const string Audience = "openpresence-session";

    /// <summary>
    /// The person, if it is one of the application's tenant and may still sign in.
    /// </summary>
    public static async ValueTask<Person?> FindAsync(IssuerCall call, ClientIdentity client)
    {
        if (call.Http.Request.Cookies[Cookie] is not { } text)
        {
            return null;
        }

        if (
            await OwnToken.ReadAsync(call, text, Type) is not { HasEnded: false, Audience: Audience } session
            || !call.Issuer.Directory.TryGetPerson(session.PersonId, out var person)
            || !person.AccountEnabled
            || person.TenantId != client.Tenant.Id
        )
        {
            return null;
        }

        await call.Issuer.CatchUpAsync(call.Cancel);
        var revoked = call.Issuer.Node.State.RevokedSignIns;
        return revoked.Contains(person.Id, client.Application.ClientId, default, session.MadeAt) ? null : person;
    }

    public static async ValueTask BeginAsync(IssuerCall call, Person person)
    {
        var endsAt = call.Now + IssuerLimits.SessionLifetime;
        var position = await call.Issuer.CatchUpAsync(call.Cancel);
        var text = Jwt.Sign(
            await call.Issuer.Keys.CurrentAsync(call.Cancel),
            Type,
            json =>
            {
                json.WriteString("aud", Audience);
                json.WriteString("oid", person.Id);
                json.WriteString("tid", person.TenantId);
                json.WriteNumber(OwnToken.MadeAtClaim, position);
                json.WriteNumber("exp", endsAt.ToDateTimeOffset().ToUnixTimeSeconds());
            }
        );
        call.Http.Response.Cookies.Append(Cookie, text, Options(call, IssuerLimits.SessionLifetime));
    }

    public static void End(IssuerCall call) =>
        call.Http.Response.Cookies.Append(Cookie, "", Options(call, TimeSpan.Zero));

    /// <summary>
    /// Over TLS also inside the hidden frame of an application elsewhere: that is how msal-browser
    /// renews silently.
    /// </summary>
    private static CookieOptions Options(IssuerCall call, TimeSpan lifetime) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = lifetime,
            Path = "/",
            SameSite = call.Http.Request.IsHttps ? SameSiteMode.None : SameSiteMode.Lax,
            Secure = call.Http.Request.IsHttps,
        };
}
