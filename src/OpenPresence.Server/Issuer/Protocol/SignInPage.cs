using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// The frame of every page of the issuer: one column, light or dark as the reader's system is,
/// nothing from elsewhere.
/// </summary>
/// <remarks>
/// The policy allows this page's own style and, where one is given, its own script, and nothing
/// else: no image, no frame around it, no form to another place than the ones that are named.
/// Browsers apply <c>form-action</c> to where a form's answer redirects, too, so the application's
/// address must be named for the redirect to work.
/// </remarks>
internal static class SignInPage
{
    private const int NonceBytes = 16;

    /// <param name="call">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">Of the window, and the first heading.</param>
    /// <param name="body">What stands below the heading.</param>
    /// <param name="formTarget">Where forms may lead beside this server: the application's
    /// address.</param>
    /// <param name="script">A script of our own; null: none.</param>
    public static Task WriteAsync(
        IssuerCall call,
        int status,
        string title,
        Html body,
        string? formTarget = null,
        string? script = null
    )
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));
        var headers = call.Http.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; "
            + (script is null ? "" : $"script-src 'nonce-{nonce}'; ")
            + $"base-uri 'none'; frame-ancestors 'none'; form-action 'self'{Source(formTarget)}";
        headers.XFrameOptions = "DENY";
        // Not "no-referrer": with that, browsers call the origin of a form "null".
        headers["Referrer-Policy"] = "origin";
        Html style = $"<style nonce=\"{nonce}\">";
        Html opening = $"<script nonce=\"{nonce}\">";
        var text = $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encoded(title)}</title>
            {style}{PageStyle.Css}</style>
            </head>
            <body>
            <main>
            <p class="product">OpenPresence</p>
            <h1>{Encoded(title)}</h1>
            {body}
            </main>
            {(script is null ? "" : $"{opening}{script}</script>")}
            </body>
            </html>

            """;
        return call.WriteAsync(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Hidden fields that the next request brings again.</summary>
    public static IEnumerable<Html> Hidden(IEnumerable<KeyValuePair<string, string>> fields)
    {
        foreach (var (name, value) in fields)
        {
            yield return $"""<input type="hidden" name="{name}" value="{value}">""";
        }
    }

    private static Html Encoded(string text) => $"{text}";

    /// <summary>
    /// An address as a source of a policy: its origin, or its scheme when that is all there is.
    /// </summary>
    private static string Source(string? address) =>
        address is null ? ""
        : Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? $" {uri.GetLeftPart(UriPartial.Authority)}"
        : $" {address[..(address.IndexOf(':', StringComparison.Ordinal) + 1)]}";
}
