using System.Security.Cryptography;
using System.Text.Json;
using OpenPresence.Server.Keys;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class OnBehalfOfGrantTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_middle_tier_gets_a_token_for_Graph_in_the_person_s_name()
    {
        var assertion = await PersonTokenAsync($"api://{Web}/access_as_user");
        var claims = await TokenText.VerifiedAsync(_host, assertion);
        Assert.Equal(Web.ToString(), claims.String("aud"));
        Assert.Equal("2.0", claims.String("ver"));
        Assert.Equal("access_as_user", claims.String("scp"));
        Assert.Equal(Public.ToString(), claims.String("azp"));
        Assert.Equal($"{_host.BaseUrl}/{TenantId}/v2.0", claims.String("iss"));

        var answer = await IssuerHost.JsonAsync(AskAsync(assertion));
        var own = await TokenText.VerifiedAsync(_host, answer.String("access_token"));
        Assert.Equal("https://graph.microsoft.com", own.String("aud"));
        Assert.Equal(AliceId.ToString(), own.String("oid"));
        Assert.Equal(Web.ToString(), own.String("appid"));
        Assert.Equal("1", own.String("appidacr"));
        Assert.Equal("Presence.Read", own.String("scp"));
    }

    [Theory]
    [InlineData("22223333-cccc-4444-dddd-5555eeee6666/.default")]
    [InlineData("api://22223333-cccc-4444-dddd-5555eeee6666/.default")]
    [InlineData("22223333-cccc-4444-dddd-5555eeee6666")]
    public async Task Every_spelling_of_an_application_makes_an_assertion_for_it(string scope) =>
        await IssuerHost.JsonAsync(AskAsync(await PersonTokenAsync(scope)));

    [Fact]
    public async Task With_offline_access_there_is_a_refresh_token_that_works()
    {
        var assertion = await PersonTokenAsync($"api://{Web}/x");
        var answer = await IssuerHost.JsonAsync(AskAsync(assertion, scope: "Presence.Read offline_access"));
        await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "refresh_token"),
                ("client_id", $"{Web}"),
                ("client_secret", Secret),
                ("refresh_token", answer.String("refresh_token"))
            )
        );
    }

    [Fact]
    public async Task A_token_for_somebody_else_is_no_assertion()
    {
        await RefusedAsync(await PersonTokenAsync("Presence.Read"), 500131);
        await RefusedAsync(await PersonTokenAsync($"api://{Daemon}/x"), 500131);
    }

    [Fact]
    public async Task Neither_an_id_token_nor_an_application_s_own_token_is_an_assertion()
    {
        var signedIn = await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "password"),
                ("client_id", $"{Web}"),
                ("client_secret", Secret),
                ("username", Alice),
                ("password", "demo"),
                ("scope", "openid")
            )
        );
        await RefusedAsync(signedIn.String("id_token")!, 7000114);

        var daemon = await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "client_credentials"),
                ("client_id", $"{Daemon}"),
                ("client_secret", Secret),
                ("scope", $"api://{Web}/.default")
            )
        );
        await RefusedAsync(daemon.String("access_token")!, 7000114);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_no_assertion()
    {
        var assertion = await PersonTokenAsync($"api://{Web}/x");
        _host.Clock.Advance(TokenLimits.Lifetime);
        await RefusedAsync(assertion, 500133);
    }

    [Fact]
    public async Task A_token_that_we_did_not_sign_is_no_assertion()
    {
        var genuine = await PersonTokenAsync($"api://{Web}/x");
        using var key = RSA.Create(2048);
        var header = TokenText.Header(genuine);
        var claims = TokenText.Claims(genuine);
        await RefusedAsync(TokenText.Sign(header, claims, key), 50013);
        await RefusedAsync($"{genuine[..genuine.LastIndexOf('.')]}.", 50013);
        await RefusedAsync(TokenText.Sign(new { alg = "none", typ = "JWT" }, claims, key), 50013);
    }

    [Theory]
    [InlineData("made up")]
    [InlineData("EwBwA8l6BAAUkj1NuJYtTVha")]
    [InlineData("a.b.c")]
    public Task What_is_no_JWT_is_called_malformed(string assertion) =>
        IssuerHost.RefusedAsync(AskAsync(assertion), 400, "invalid_request", 50027);

    [Fact]
    public async Task A_public_client_acts_on_nobody_s_behalf()
    {
        var assertion = await PersonTokenAsync($"api://{Public}/x");
        await IssuerHost.RefusedAsync(
            _host.TokenAsync(
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("client_id", $"{Public}"),
                ("requested_token_use", "on_behalf_of"),
                ("assertion", assertion),
                ("scope", "Presence.Read")
            ),
            401,
            "invalid_client",
            7000218
        );
    }

    private async Task<string> PersonTokenAsync(string scope)
    {
        var answer = await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "password"),
                ("client_id", $"{Public}"),
                ("username", Alice),
                ("password", "demo"),
                ("scope", scope)
            )
        );
        return answer.String("access_token")!;
    }

    private Task<JsonElement> RefusedAsync(string assertion, int number) =>
        IssuerHost.RefusedAsync(AskAsync(assertion), 400, "invalid_grant", number);

    private Task<HttpResponseMessage> AskAsync(
        string assertion,
        string scope = "https://graph.microsoft.com/.default"
    ) =>
        _host.TokenAsync(
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("client_id", $"{Web}"),
            ("client_secret", Secret),
            ("requested_token_use", "on_behalf_of"),
            ("assertion", assertion),
            ("scope", scope)
        );
}
