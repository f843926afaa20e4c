using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Who may use the control API. Such a caller can do anything, so:
/// <list type="bullet">
/// <item>in production there is none, unless it has a token of its own (the setting <c>controlToken</c>); in development
/// there is, and it needs no token from this very machine as long as none is set.</item>
/// <item>No page of another site may use a developer's browser to reach it: what a browser marks as coming from
/// elsewhere is refused, token or not.</item>
/// <item>Without a token, the host must be named as this machine: a name that somebody else's DNS points here
/// (rebinding) would make a foreign page look like our own.</item>
/// </list>
/// </summary>
public static class ControlGate
{
    /// <summary>Why a request may not; null: it may.</summary>
    public static Refusal? Check(HttpRequest request, ServerOptions options)
    {
        if (IsFromAnotherSite(request))
        {
            return Refuse("A page of another site may not use the control API.");
        }
        if (options.ControlToken is { } token)
        {
            return LocalAccess.HasToken(request, token)
                ? null
                : Refuse("The control API wants its own token, the setting controlToken: Authorization: Bearer …");
        }
        if (!LocalAccess.IsFromLoopback(request))
        {
            return Refuse(
                "Without a token the control API is for this machine alone; the setting controlToken opens it for others."
            );
        }
        return LocalAccess.IsThisMachine(request.Host.Host)
            ? null
            : Refuse("Without a token the control API is reached as localhost alone.");
    }

    private static bool IsFromAnotherSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none"))
        {
            return true;
        }
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static Refusal Refuse(string sentence) => new(RefusalKind.ControlForbidden, sentence);
}
