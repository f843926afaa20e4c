using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Clients;

/// <summary>
/// Where answers may be sent: exactly the registered addresses. Only a loopback one matches any
/// port (RFC 8252 7.3), because an application on a desk cannot know in advance which will be free.
/// </summary>
/// <remarks>
/// Whatever is sent elsewhere is a code in the hands of a stranger, so nothing is compared
/// leniently: no prefixes, no wildcards, no letter case, no missing slash but the root's.
/// </remarks>
internal static class RedirectUris
{
    // Schemes that a browser would run or open instead of going there.
    private static readonly string[] RefusedSchemes = ["javascript", "data", "vbscript", "file", "blob", "about"];

    /// <summary>Whether the application registered that address.</summary>
    public static bool Matches(Application application, string redirectUri) =>
        IsPlain(redirectUri, out var uri)
        && application.RedirectUris.Any(registered => registered == redirectUri || MatchesLoopback(registered, uri));

    /// <summary>Whether the application has a redirect URI of that origin.</summary>
    public static bool HasOrigin(Application application, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.PathAndQuery == "/"
        && application.RedirectUris.Any(registered =>
            Uri.TryCreate(registered, UriKind.Absolute, out var own)
            && own.Scheme == uri.Scheme
            && own.Host == uri.Host
            && (own.Port == uri.Port || IsLoopback(own))
        );

    private static bool IsPlain(string text, out Uri uri)
    {
        var isAbsolute = Uri.TryCreate(text, UriKind.Absolute, out var parsed);
        uri = parsed!;
        return isAbsolute
            && text.All(c => c is > ' ' and < '\x7f' and not '\\')
            && parsed!.Fragment.Length == 0
            && parsed.UserInfo.Length == 0
            && !RefusedSchemes.Contains(parsed.Scheme);
    }

    private static bool MatchesLoopback(string registered, Uri uri) =>
        Uri.TryCreate(registered, UriKind.Absolute, out var own)
        && IsLoopback(own)
        && own.Scheme == uri.Scheme
        && own.Host == uri.Host
        && own.PathAndQuery == uri.PathAndQuery;

    private static bool IsLoopback(Uri uri) =>
        (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Host is "localhost" or "127.0.0.1" or "[::1]";
}
