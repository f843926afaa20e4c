using System.Text.Json;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>The endpoints of version 1.0, as ADAL and older programs ask them: a resource in place of scopes.</summary>
public sealed class VersionOneTests : IAsyncLifetime
{
    private const string Graph = "https://graph.microsoft.com";

    private static readonly string Endpoint = $"/{TenantId}/oauth2/token";

    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string StsIssuer => $"https://sts.windows.net/{TenantId}/";

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(Graph)]
    [InlineData($"{Graph}/")]
    [InlineData("00000003-0000-0000-c000-000000000000")]
    public async Task An_application_gets_everything_that_it_is_granted_at_the_resource(string resource)
    {
        var answer = await IssuerHost.JsonAsync(_host.PostAsync(Endpoint, Application(("resource", resource))));
        var claims = await TokenText.VerifiedAsync(_host, answer.String("access_token"));
        Assert.Equal(
            ["Presence.Read.All", "Presence.ReadWrite.All"],
            claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString())
        );
        Assert.Equal("1.0", claims.String("ver"));
    }

    [Fact]
    public async Task The_numbers_of_the_answer_are_strings_and_it_names_the_resource()
    {
        var answer = await IssuerHost.JsonAsync(_host.PostAsync(Endpoint, Application(("resource", Graph))));
        var now = _host.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            ["token_type", "expires_in", "ext_expires_in", "expires_on", "not_before", "resource", "access_token"],
            answer.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("3600", answer.String("expires_in"));
        Assert.Equal($"{now + 3600}", answer.String("expires_on"));
        Assert.Equal($"{now}", answer.String("not_before"));
        Assert.Equal(Graph, answer.String("resource"));
    }

    [Fact]
    public async Task A_scope_that_comes_along_is_passed_over()
    {
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(Endpoint, Application(("resource", Graph), ("scope", "openid whatever")))
        );
        Assert.NotNull(answer.String("access_token"));
    }

    [Theory]
    [InlineData("client_credentials")]
    [InlineData("password")]
    public async Task Without_a_resource_its_name_is_the_one_that_is_missing(string grant)
    {
        var error = await IssuerHost.RefusedAsync(
            _host.PostAsync(
                Endpoint,
                Application(("grant_type", grant), ("username", Alice), ("password", "demo"), ("scope", "openid"))
            ),
            400,
            "invalid_request",
            900144
        );
        Assert.Contains("'resource'", error.String("error_description"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://vault.example")]
    [InlineData("https://graph.microsoft.com/extra")]
    [InlineData("no uri")]
    public Task A_resource_that_is_not_there_is_refused(string resource) =>
        IssuerHost.RefusedAsync(
            _host.PostAsync(Endpoint, Application(("resource", resource))),
            400,
            "invalid_resource",
            500011
        );

    [Fact]
    public async Task At_an_endpoint_of_version_2_a_resource_is_refused()
    {
        await IssuerHost.RefusedAsync(
            _host.TokenAsync(Application(("resource", Graph), ("scope", $"{Graph}/.default"))),
            400,
            "invalid_request",
            901002
        );
        using var page = await _host.GetAsync(Authorize(("resource", Graph)));
        Assert.Equal(400, (int)page.StatusCode);
        Assert.Contains("AADSTS901002", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_signs_in_for_a_resource_and_the_code_is_redeemed_for_it()
    {
        var code = await CodeAsync(("resource", Graph), ("scope", null));
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(Endpoint, Redeem(code, ("resource", Graph), ("scope", null), ("client_info", null)))
        );
        Assert.Equal("Presence.Read Presence.Read.All User.Read", answer.String("scope"));
        Assert.Equal(
            "Presence.Read Presence.Read.All User.Read",
            TokenText.Claims(answer.String("access_token")).String("scp")!.Split(" openid")[0]
        );
        Assert.NotNull(answer.String("refresh_token"));

        var again = await IssuerHost.JsonAsync(
            _host.PostAsync(
                Endpoint,
                [
                    ("grant_type", "refresh_token"),
                    ("client_id", $"{Public}"),
                    ("refresh_token", answer.String("refresh_token")),
                    ("resource", Graph),
                ]
            )
        );
        Assert.Equal(Graph, again.String("resource"));
    }

    [Fact]
    public async Task A_sign_in_needs_no_resource_only_the_code_s_redemption()
    {
        var code = await CodeAsync(("scope", "openid"));
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(Endpoint, Redeem(code, ("resource", Graph), ("scope", null)))
        );
        Assert.NotNull(answer.String("id_token"));
    }

    [Fact]
    public async Task Its_id_token_has_the_issuer_that_its_discovery_document_names()
    {
        var document = await IssuerHost.JsonAsync(_host.GetAsync($"/{TenantId}/.well-known/openid-configuration"));
        Assert.Equal(StsIssuer, document.String("issuer"));

        var code = await CodeAsync(("resource", Graph), ("scope", "openid"));
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(Endpoint, Redeem(code, ("resource", Graph), ("scope", null)))
        );
        var claims = await TokenText.VerifiedAsync(_host, answer.String("id_token"));
        Assert.Equal(StsIssuer, claims.String("iss"));
        Assert.Equal("1.0", claims.String("ver"));
        Assert.Equal(Alice, claims.String("upn"));
        Assert.Equal(Alice, claims.String("unique_name"));
    }

    [Fact]
    public async Task A_person_who_chooses_on_the_page_stays_in_version_1()
    {
        (string, string?)[] changes =
        [
            ("resource", Graph),
            ("scope", null),
            ("response_type", "code id_token"),
            ("response_mode", "fragment"),
        ];
        var path = $"/{TenantId}/oauth2/authorize?{Query(Fields(changes))}";
        using var page = await _host.GetAsync(path);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"action=\"/{TenantId}/oauth2/login\"", html, StringComparison.Ordinal);

        var returned = await ReturnedAsync(
            _host.PostAsync($"/{TenantId}/oauth2/login", Fields([("op_person", $"{AliceId}"), .. changes])),
            LocalRedirect,
            '#'
        );
        var claims = await TokenText.VerifiedAsync(_host, returned["id_token"]);
        Assert.Equal(StsIssuer, claims.String("iss"));
        await IssuerHost.JsonAsync(
            _host.PostAsync(Endpoint, Redeem(returned["code"], ("resource", Graph), ("scope", null)))
        );
    }

    [Theory]
    [InlineData("token_endpoint", "oauth2/token")]
    [InlineData("authorization_endpoint", "oauth2/authorize")]
    [InlineData("device_authorization_endpoint", "oauth2/devicecode")]
    [InlineData("end_session_endpoint", "oauth2/logout")]
    [InlineData("jwks_uri", "discovery/keys")]
    public async Task The_discovery_document_names_endpoints_that_there_are(string member, string path)
    {
        var document = await IssuerHost.JsonAsync(_host.GetAsync("/contoso.example/.well-known/openid-configuration"));
        Assert.Equal($"{_host.BaseUrl}/{TenantId}/{path}", document.String(member));
        using var answer = await _host.GetAsync($"/{TenantId}/{path}");
        Assert.NotEqual(404, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_device_is_signed_in_in_the_words_of_version_1()
    {
        var device = await IssuerHost.JsonAsync(
            _host.PostAsync($"/{TenantId}/oauth2/devicecode", [("client_id", $"{Public}"), ("resource", Graph)])
        );
        Assert.Equal($"{_host.BaseUrl}/devicelogin", device.String("verification_url"));
        Assert.Equal("900", device.String("expires_in"));
        Assert.Equal("5", device.String("interval"));

        await IssuerHost.RefusedAsync(PollAsync(device), 400, "authorization_pending", 70016);
        using var page = await _host.PostAsync(
            "/devicelogin",
            [("user_code", device.String("user_code")), ("op_name", Alice)]
        );
        var answer = await IssuerHost.JsonAsync(PollAsync(device));
        Assert.Equal(AliceId.ToString(), TokenText.Claims(answer.String("access_token")).String("oid"));
    }

    [Fact]
    public async Task On_behalf_of_takes_a_resource()
    {
        var mine = await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "password"),
                ("client_id", $"{Public}"),
                ("username", Alice),
                ("password", "demo"),
                ("scope", $"api://{Web}/access_as_user")
            )
        );
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(
                Endpoint,
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("client_id", $"{Web}"),
                    ("client_secret", Secret),
                    ("requested_token_use", "on_behalf_of"),
                    ("assertion", mine.String("access_token")),
                    ("resource", Graph),
                ]
            )
        );
        Assert.Equal(Graph, TokenText.Claims(answer.String("access_token")).String("aud"));
    }

    private Task<HttpResponseMessage> PollAsync(JsonElement device) =>
        _host.PostAsync(
            Endpoint,
            [
                ("grant_type", "device_code"),
                ("client_id", $"{Public}"),
                ("resource", Graph),
                ("code", device.String("device_code")),
            ]
        );

    private async Task<string> CodeAsync(params (string Name, string? Value)[] changes)
    {
        var query = Query(Fields([("login_hint", Alice), .. changes]));
        var returned = await ReturnedAsync(_host.GetAsync($"/{TenantId}/oauth2/authorize?{query}"));
        return returned["code"];
    }

    private static (string Name, string? Value)[] Application(params (string Name, string? Value)[] changes)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Daemon.ToString(),
            ["client_secret"] = Secret,
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return [.. fields.Select(f => (f.Key, f.Value))];
    }
}
