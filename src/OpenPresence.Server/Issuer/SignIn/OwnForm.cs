using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// Forms that do something in a person's name are taken from our own pages only; otherwise any web
/// page could make a browser approve a stranger's device (CSRF). Browsers say where a form comes
/// from; a program that says nothing is no browser, and has no session to abuse.
/// </summary>
internal static class OwnForm
{
    public static IssuerRefusal? Check(IssuerCall call)
    {
        var headers = call.Http.Request.Headers;
        var site = headers["Sec-Fetch-Site"].ToString();
        var origin = headers.Origin.ToString();
        return site is "" or "same-origin" or "none" && (origin.Length == 0 || call.IsOwn(origin))
            ? null
            : new(IssuerError.ForeignForm);
    }
}
