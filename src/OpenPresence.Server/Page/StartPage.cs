using System.Text;
using OpenPresence.Server.Connections;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Page;

/// <summary>
/// What a new user needs after the start: a line to paste, and the settings that a Graph client needs.
/// Printed when the server is ready, and answered at <c>/</c>.
/// </summary>
public static class StartPage
{
    private const string Tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    private const string Application = "00001111-aaaa-2222-bbbb-3333cccc4444";
    private const string Person = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";

    /// <summary>The text for a server that is reached at <paramref name="addresses"/>.</summary>
    public static string Text(ServerOptions options, Addresses addresses, string? authorityFile)
    {
        var text = new StringBuilder("OpenPresence is ready.\n");
        foreach (var address in new[] { addresses.Http, addresses.Https })
        {
            text.Append(address is null ? "" : $"  {address}v1.0   for Graph clients\n");
        }
        if (options.ShowsPage)
        {
            text.Append($"  {addresses.Http ?? addresses.Https}   the page, in a browser\n");
        }
        var authority = authorityFile is null ? "" : Path.GetFullPath(authorityFile);
        if (addresses.Https is not null && authorityFile is not null)
        {
            text.Append($"  certificate authority: {authority}\n");
        }
        if (HasDemo(options))
        {
            AppendCurl(text, addresses.Http ?? addresses.Https!, authority);
        }
        if (addresses.Https is { } https)
        {
            AppendClients(text, options, https, authority);
        }
        return text.ToString();
    }

    /// <summary>Answers <c>/</c>.</summary>
    public static Task AnswerAsync(HttpContext http, ServerOptions options, ServiceRoots roots, string? authorityFile)
    {
        var own = new UriBuilder(roots.BaseUrl(http.Request)).Uri;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(Text(options, new Addresses([own.ToString()]), authorityFile));
    }

    private static void AppendCurl(StringBuilder text, Uri own, string authority)
    {
        var trust = own.Scheme == Uri.UriSchemeHttps ? $"--cacert {authority} " : "";
        text.Append(
            $$"""

            Try it:
              TOKEN=$(curl -s {{trust}}{{own}}{{Tenant}}/oauth2/v2.0/token -d grant_type=client_credentials \
                -d client_id={{Application}} -d client_secret=demo-secret \
                -d scope=https://graph.microsoft.com/.default | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
              curl -s {{trust}}-H "Authorization: Bearer $TOKEN" {{own}}v1.0/users/{{Person}}/presence

            """
        );
    }

    /// <summary>Whether the demo tenant's application gets tokens here: its secret is worth nothing elsewhere.</summary>
    private static bool HasDemo(ServerOptions options) =>
        options is { IssuesTokens: true, Seed: null, Profile: Profile.Development };

    private static void AppendClients(StringBuilder text, ServerOptions options, Uri https, string authority)
    {
        var origin = https.GetLeftPart(UriPartial.Authority);
        text.Append("\nA Graph client needs:\n");
        text.Append($"  base URL         {origin}/v1.0   (microsoft-graph-client adds the version itself: {origin})\n");
        if (options.IssuesTokens)
        {
            text.Append($"  authority host   {origin}{(HasDemo(options) ? $"   tenant {Tenant}" : "")}\n");
        }
        if (HasDemo(options))
        {
            text.Append($"  application      {Application}   secret demo-secret\n");
        }
        text.Append($"  allowed hosts    {https.Host}   (Graph SDKs send no token to hosts they were not told)\n");
        if (options.IssuesTokens)
        {
            text.Append(
                $"""
                  discovery        off   (Azure.Identity DisableInstanceDiscovery, @azure/identity disableInstanceDiscovery,
                                   MSAL knownAuthorities {https.Authority})

                """
            );
        }
        if (authority.Length > 0)
        {
            text.Append(
                $"""
                  trust            SSL_CERT_FILE={authority}   (.NET, curl, Go)
                                   SSL_CERT_FILE and REQUESTS_CA_BUNDLE, both the same   (Python)
                                   NODE_EXTRA_CA_CERTS={authority}   (Node)
                                   a trust store, curl.cainfo: docs/clients.md   (Java, PHP)

                """
            );
        }
    }
}
