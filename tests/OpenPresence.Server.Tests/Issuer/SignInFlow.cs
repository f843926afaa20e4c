using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>The browser's part of a sign-in, without a browser.</summary>
internal static class SignInFlow
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string LocalRedirect = "http://localhost:53682";
    public const string Scope = "openid profile offline_access Presence.Read";

    public static string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>
    /// What a public client of the demo tenant asks with; later fields win, null takes one out.
    /// </summary>
    public static string Authorize(params (string Name, string? Value)[] changes) =>
        $"/{TenantId}/oauth2/v2.0/authorize?{Query(Fields(changes))}";

    public static IEnumerable<(string Name, string? Value)> Fields(params (string Name, string? Value)[] changes)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = Public.ToString(),
            ["response_type"] = "code",
            ["redirect_uri"] = LocalRedirect,
            ["scope"] = Scope,
            ["state"] = "the state & more",
            ["nonce"] = "the nonce",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return fields.Where(field => field.Value is not null).Select(f => (f.Key, f.Value));
    }

    public static string Query(IEnumerable<(string Name, string? Value)> fields) =>
        string.Join('&', fields.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}"));

    /// <summary>What the browser is sent back with.</summary>
    public static async Task<Dictionary<string, string>> ReturnedAsync(
        Task<HttpResponseMessage> asking,
        string redirect = LocalRedirect,
        char separator = '?'
    )
    {
        using var answer = await asking;
        Assert.Equal(303, (int)answer.StatusCode);
        var location = answer.Headers.Location!.OriginalString;
        Assert.StartsWith($"{redirect}{separator}", location, StringComparison.Ordinal);
        return Parse(location[(redirect.Length + 1)..]);
    }

    public static Dictionary<string, string> Parse(string query)
    {
        var values = HttpUtility.ParseQueryString(query);
        return values.AllKeys.ToDictionary(key => key!, key => values[key]!, StringComparer.Ordinal);
    }

    /// <summary>Signs Alice in and gives the code.</summary>
    public static async Task<string> CodeAsync(IssuerHost host, params (string Name, string? Value)[] changes)
    {
        var redirect = changes.FirstOrDefault(c => c.Name == "redirect_uri").Value ?? LocalRedirect;
        var returned = await ReturnedAsync(host.GetAsync(Authorize([("login_hint", Alice), .. changes])), redirect);
        return returned["code"];
    }

    /// <summary>What redeems it.</summary>
    public static (string Name, string? Value)[] Redeem(string code, params (string Name, string? Value)[] changes)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Public.ToString(),
            ["code"] = code,
            ["redirect_uri"] = LocalRedirect,
            ["code_verifier"] = Verifier,
            ["scope"] = Scope,
            ["client_info"] = "1",
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return [.. fields.Select(f => (f.Key, f.Value))];
    }

    /// <summary>Signs Alice in and gives her refresh token.</summary>
    public static async Task<string> RefreshTokenAsync(IssuerHost host)
    {
        var code = await CodeAsync(host);
        var answer = await IssuerHost.JsonAsync(host.TokenAsync(Redeem(code)));
        return answer.String("refresh_token")!;
    }
}
