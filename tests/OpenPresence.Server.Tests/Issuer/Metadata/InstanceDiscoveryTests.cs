using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer.Metadata;

public sealed class InstanceDiscoveryTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await IssuerHost.StartAsync(new IssuerSettings { OwnHosts = ["presence.example"] });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("login.microsoftonline.com")]
    [InlineData("login.microsoftonline.us")]
    [InlineData("localhost:5443")]
    [InlineData("presence.example")]
    public async Task A_host_that_is_ours_or_a_cloud_s_is_known_under_its_names(string host)
    {
        var answer = await IssuerHost.JsonAsync(AskAsync($"https://{host}/{TenantId}/oauth2/v2.0/authorize"));
        Assert.Equal(
            $"https://{host}/{TenantId}/v2.0/.well-known/openid-configuration",
            answer.String("tenant_discovery_endpoint")
        );
        Assert.Equal("1.1", answer.String("api-version"));
        Assert.Contains(
            host,
            answer
                .GetProperty("metadata")
                .EnumerateArray()
                .SelectMany(row => row.GetProperty("aliases").EnumerateArray())
                .Select(alias => alias.GetString())
        );
    }

    [Theory]
    [InlineData("https://login.example/common/oauth2/v2.0/authorize")]
    [InlineData("http://localhost/common/oauth2/v2.0/authorize")]
    [InlineData("https://localhost")]
    [InlineData("not an address")]
    public Task Any_other_host_is_an_invalid_instance(string endpoint) =>
        IssuerHost.RefusedAsync(AskAsync(endpoint), 400, "invalid_instance", 50049);

    [Fact]
    public Task The_endpoint_must_be_named() =>
        IssuerHost.RefusedAsync(
            _host.GetAsync("/common/discovery/instance?api-version=1.1"),
            400,
            "invalid_request",
            900144
        );

    [Theory]
    [InlineData(Alice, "Managed")]
    [InlineData("nobody@CONTOSO.example", "Managed")]
    [InlineData("somebody@elsewhere.example", "Unknown")]
    [InlineData("contoso.example", "Unknown")]
    public async Task A_person_s_realm_is_that_of_the_domain(string name, string type)
    {
        var answer = await IssuerHost.JsonAsync(
            _host.GetAsync($"/common/userrealm/{Uri.EscapeDataString(name)}?api-version=1.0")
        );
        Assert.Equal(type, answer.String("account_type"));
        Assert.Equal("1.0", answer.String("ver"));
        Assert.Equal("microsoftonline.com", answer.String("cloud_instance_name"));
        Assert.Equal("urn:federation:MicrosoftOnline", answer.String("cloud_audience_urn"));
    }

    private Task<HttpResponseMessage> AskAsync(string endpoint) =>
        _host.GetAsync(
            "/common/discovery/instance?api-version=1.1&authorization_endpoint=" + Uri.EscapeDataString(endpoint)
        );
}
