using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer.Metadata;

public sealed class DiscoveryTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("aaaabbbb-0000-cccc-1111-dddd2222eeee")]
    [InlineData("CONTOSO.example")]
    public async Task A_tenant_s_document_names_it_by_its_id(string name)
    {
        var document = await DocumentAsync(name);
        var root = $"{_host.BaseUrl}/{TenantId}";
        Assert.Equal($"{root}/v2.0", document.String("issuer"));
        Assert.Equal($"{root}/oauth2/v2.0/authorize", document.String("authorization_endpoint"));
        Assert.Equal($"{root}/oauth2/v2.0/token", document.String("token_endpoint"));
        Assert.Equal($"{root}/oauth2/v2.0/devicecode", document.String("device_authorization_endpoint"));
        Assert.Equal($"{root}/oauth2/v2.0/logout", document.String("end_session_endpoint"));
        Assert.Equal($"{root}/discovery/v2.0/keys", document.String("jwks_uri"));
        Assert.Equal("WW", document.String("tenant_region_scope"));
    }

    [Theory]
    [InlineData("common")]
    [InlineData("organizations")]
    public async Task For_any_tenant_the_issuer_holds_literal_braces(string name)
    {
        var document = await DocumentAsync(name);
        Assert.Equal($"{_host.BaseUrl}/{{tenantid}}/v2.0", document.String("issuer"));
        Assert.Equal($"{_host.BaseUrl}/{name}/oauth2/v2.0/token", document.String("token_endpoint"));
    }

    [Fact]
    public async Task It_has_every_field_that_was_captured_of_the_real_one()
    {
        var document = await DocumentAsync("common");
        string[] captured =
        [
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "device_authorization_endpoint",
            "userinfo_endpoint",
            "end_session_endpoint",
            "jwks_uri",
            "kerberos_endpoint",
            "response_types_supported",
            "response_modes_supported",
            "subject_types_supported",
            "id_token_signing_alg_values_supported",
            "scopes_supported",
            "token_endpoint_auth_methods_supported",
            "claims_supported",
            "http_logout_supported",
            "frontchannel_logout_supported",
            "request_uri_parameter_supported",
            "tenant_region_scope",
            "cloud_instance_name",
            "cloud_graph_host_name",
            "msgraph_host",
            "rbac_url",
        ];
        Assert.All(captured, field => Assert.True(document.TryGetProperty(field, out _), field));
    }

    [Fact]
    public async Task A_tenant_that_does_not_exist_has_none() =>
        await IssuerHost.RefusedAsync(
            _host.GetAsync("/nowhere.example/v2.0/.well-known/openid-configuration"),
            400,
            "invalid_request",
            90002
        );

    [Fact]
    public async Task The_address_follows_the_host_that_was_asked_and_nothing_else_in_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/common/v2.0/.well-known/openid-configuration");
        request.Headers.Host = "presence.example:8443";
        var document = await IssuerHost.JsonAsync(_host.Http.SendAsync(request, Cancel));
        Assert.Equal("http://presence.example:8443/{tenantid}/v2.0", document.String("issuer"));
    }

    [Fact]
    public async Task A_configured_address_wins_over_the_host()
    {
        await using var host = await IssuerHost.StartAsync(
            new IssuerSettings { PublicUrl = new Uri("https://presence.example/prefix/") }
        );
        var document = await IssuerHost.JsonAsync(host.GetAsync("/common/v2.0/.well-known/openid-configuration"));
        Assert.Equal("https://presence.example/{tenantid}/v2.0", document.String("issuer"));
    }

    [Theory]
    [InlineData(Cloud.Global, "graph.microsoft.com", "microsoftonline.com", "sts.windows.net")]
    [InlineData(Cloud.UsL4, "graph.microsoft.us", "microsoftonline.us", "sts.windows.net")]
    [InlineData(Cloud.UsL5, "dod-graph.microsoft.us", "microsoftonline.us", "sts.windows.net")]
    [InlineData(Cloud.China, "microsoftgraph.chinacloudapi.cn", "partner.microsoftonline.cn", "sts.chinacloudapi.cn")]
    public async Task Each_cloud_has_its_own_names_in_documents_and_tokens(
        Cloud cloud,
        string graph,
        string instance,
        string sts
    )
    {
        await using var host = await IssuerHost.StartAsync(new IssuerSettings { Cloud = cloud });
        var document = await IssuerHost.JsonAsync(host.GetAsync("/common/v2.0/.well-known/openid-configuration"));
        Assert.Equal(host.Http.BaseAddress!.Authority, document.String("msgraph_host"));
        Assert.Equal(instance, document.String("cloud_instance_name"));

        var answer = await IssuerHost.JsonAsync(
            host.TokenAsync(
                ("grant_type", "client_credentials"),
                ("client_id", $"{Daemon}"),
                ("client_secret", Secret),
                ("scope", $"https://{graph}/.default")
            )
        );
        var claims = TokenText.Claims(answer.String("access_token"));
        Assert.Equal($"https://{graph}", claims.String("aud"));
        Assert.Equal($"https://{sts}/{TenantId}/", claims.String("iss"));
    }

    [Fact]
    public async Task A_request_to_a_cloud_s_login_host_is_of_that_cloud()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/common/v2.0/.well-known/openid-configuration");
        request.Headers.Host = "login.partner.microsoftonline.cn";
        var document = await IssuerHost.JsonAsync(_host.Http.SendAsync(request, Cancel));
        Assert.Equal("microsoftgraph.chinacloudapi.cn", document.String("msgraph_host"));
    }

    [Fact]
    public async Task The_keys_can_be_used_to_check_signatures_and_are_public_halves_only()
    {
        var set = await IssuerHost.JsonAsync(_host.GetAsync("/common/discovery/v2.0/keys"));
        var key = Assert.Single(set.GetProperty("keys").EnumerateArray());
        Assert.Equal(
            ["kty", "use", "alg", "kid", "x5t", "n", "e", "x5c", "issuer"],
            key.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("AQAB", key.String("e"));
        using var certificate = X509CertificateLoader.LoadCertificate(
            Convert.FromBase64String(Assert.Single(key.GetProperty("x5c").EnumerateArray()).GetString()!)
        );
        Assert.Equal(key.String("x5t"), Base64Url.EncodeToString(certificate.GetCertHash()));
        using var publicKey = certificate.GetRSAPublicKey()!;
        Assert.Equal(key.String("n"), Base64Url.EncodeToString(publicKey.ExportParameters(false).Modulus));
    }

    [Fact]
    public async Task The_person_behind_a_token_is_told_to_its_bearer()
    {
        var code = await SignInFlow.CodeAsync(_host);
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(SignInFlow.Redeem(code)));
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            using var request = new HttpRequestMessage(method, "/oidc/userinfo");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", answer.String("access_token"));
            var person = await IssuerHost.JsonAsync(_host.Http.SendAsync(request, Cancel));
            Assert.Equal(TokenText.Claims(answer.String("id_token")).String("sub"), person.String("sub"));
            Assert.Equal("Alice", person.String("given_name"));
        }

        await IssuerHost.RefusedAsync(_host.GetAsync("/oidc/userinfo"), 401, "invalid_request", 50000);
    }

    private Task<System.Text.Json.JsonElement> DocumentAsync(string tenant) =>
        IssuerHost.JsonAsync(_host.GetAsync($"/{tenant}/v2.0/.well-known/openid-configuration"));
}
