using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.Clients;

/// <summary>Which web page asks for tokens, when a browser says so.</summary>
internal static class CallerOrigin
{
    /// <summary>
    /// Whether a page of another origin asks. A word without a colon comes from no browser: programs write one because
    /// Entra ID redeems codes of single-page applications only with this header.
    /// </summary>
    public static bool IsForeign(IssuerCall call) =>
        call.Http.Request.Headers.Origin is { Count: > 0 } origin
        && !call.IsOwn(origin.ToString())
        && (origin == "null" || origin.ToString().Contains(':', StringComparison.Ordinal));

    /// <summary>Lets the page read the answer if its origin is one of the application's.</summary>
    public static IssuerRefusal? Check(IssuerCall call, ClientIdentity client)
    {
        if (!IsForeign(call))
        {
            return null;
        }

        var origin = call.Http.Request.Headers.Origin.ToString();
        if (!RedirectUris.HasOrigin(client.Application, origin))
        {
            return new(IssuerError.OriginUnknown, Quoted.Of(origin));
        }

        CrossOrigin.LimitTo(call, origin);
        return null;
    }
}
