using System.Net;
using System.Security.Cryptography;
using System.Text;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Who may use the control API. Whoever may can do anything, so:
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
    /// <summary>A shorter token can be guessed.</summary>
    public const int TokenCharsMin = 16;

    private const string Scheme = "Bearer ";

    /// <summary>Whether there is a control API here at all.</summary>
    public static bool IsOpen(ServerOptions options) =>
        options.Profile == Profile.Development || options.ControlToken is not null;

    /// <summary>Why a request may not; null: it may.</summary>
    public static Refusal? Check(HttpRequest request, ServerOptions options)
    {
        if (IsFromAnotherSite(request))
        {
            return Refuse("A page of another site may not use the control API.");
        }
        if (options.ControlToken is { } token)
        {
            return HasToken(request, token)
                ? null
                : Refuse("The control API wants its own token, the setting controlToken: Authorization: Bearer …");
        }
        if (request.HttpContext.Connection.RemoteIpAddress is not { } from || !IPAddress.IsLoopback(from))
        {
            return Refuse(
                "Without a token the control API is for this machine alone; the setting controlToken opens it for others."
            );
        }
        return IsThisMachine(request.Host.Host)
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

    /// <summary>Whether a request carries a token, compared in a time that says nothing about it.</summary>
    internal static bool HasToken(HttpRequest request, string token) =>
        request.Headers.Authorization is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())),
            SHA256.HashData(Encoding.UTF8.GetBytes(token))
        );

    /// <summary>Whether a host name means this machine.</summary>
    internal static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Refusal Refuse(string sentence) => new(RefusalKind.ControlForbidden, sentence);
}
