using System.Buffers;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Page;

/// <summary>
/// How one signs in to the page here; nothing in it is secret. With <c>pageClientId</c> people sign in at the issuer of
/// the settings, with a code and PKCE; the page is a public client. Without, in development, whoever may use the
/// control API gets a token from it.
/// </summary>
public sealed class PageSettings
{
    private const string DefaultScopes =
        "https://graph.microsoft.com/Presence.Read.All https://graph.microsoft.com/Presence.ReadWrite "
        + "https://graph.microsoft.com/User.ReadBasic.All";

    private PageSettings(byte[] json, string contentSecurityPolicy) =>
        (Json, ContentSecurityPolicy) = (json, contentSecurityPolicy);

    /// <summary>What the page reads first.</summary>
    public byte[] Json { get; }

    /// <summary>What the page may do, for the browser to see to.</summary>
    public string ContentSecurityPolicy { get; }

    /// <summary>For these settings; null: there is no page.</summary>
    public static PageSettings? Of(ServerOptions options)
    {
        if (!options.ShowsPage)
        {
            return null;
        }
        var issuer = IssuerOf(options);
        var authority = issuer?.Authority.TrimEnd('/');
        var speaksTo = authority is null ? "'self'" : $"'self' {new Uri(authority).GetLeftPart(UriPartial.Authority)}";
        return new(
            Write(options, issuer?.Name ?? "built-in", authority),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
                + $"connect-src {speaksTo}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types 'none'"
        );
    }

    /// <summary>Where people sign in; null: at this server's own issuer, which does not sign people in in production.</summary>
    private static TrustedIssuerOptions? IssuerOf(ServerOptions options) =>
        options.IssuesTokens && options.Profile == Profile.Development ? null
        : options.Auth.TrustedIssuers is [var first, ..] ? first
        : null;

    private static byte[] Write(ServerOptions options, string issuerName, string? authority)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteBoolean("hasControl", options.HasControl);
            json.WriteBoolean("controlNeedsToken", options.ControlToken is not null);
            if (options.PageClientId is not { } clientId)
            {
                json.WriteString("signIn", "control");
                json.WriteString("applicationId", PageApplication.Id);
            }
            else
            {
                json.WriteString("signIn", "issuer");
                json.WriteString("applicationId", ApplicationIds.Of(issuerName, clientId));
                json.WriteString("clientId", clientId);
                // Without one of its own the page asks this server's issuer.
                json.WriteString("authority", authority ?? "/organizations/v2.0");
                json.WriteString("scope", $"openid profile {options.PageScopes ?? DefaultScopes}");
            }
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }
}
