using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class PasswordGrantTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("organizations")]
    [InlineData("contoso.example")]
    public async Task A_name_and_the_password_give_tokens(string tenant)
    {
        var answer = await IssuerHost.JsonAsync(AskAsync(tenant: tenant, name: "ALICE@contoso.example"));
        Assert.Equal(Alice, TokenText.Claims(answer.String("access_token")).String("upn"));
        Assert.NotNull(answer.String("client_info"));
        await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "refresh_token"),
                ("client_id", $"{Public}"),
                ("refresh_token", answer.String("refresh_token"))
            )
        );
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        var answer = await IssuerHost.JsonAsync(AskAsync(scope: "openid"));
        Assert.False(answer.TryGetProperty("refresh_token", out _));
        Assert.EndsWith(" openid", TokenText.Claims(answer.String("access_token")).String("scp"));
    }

    [Theory]
    [InlineData("organizations", Alice, "wrong", 50126, "invalid_grant")]
    [InlineData("organizations", "nobody@contoso.example", "demo", 50034, "invalid_grant")]
    [InlineData("organizations", Stranger, "demo", 50034, "invalid_grant")]
    [InlineData("organizations", Disabled, "demo", 50057, "invalid_grant")]
    [InlineData("common", Alice, "demo", 9001023, "invalid_request")]
    public Task Whoever_is_not_that_person_gets_nothing(
        string tenant,
        string name,
        string password,
        int number,
        string error
    ) => IssuerHost.RefusedAsync(AskAsync(tenant, name, password), 400, error, number);

    [Fact]
    public async Task An_issuer_that_signs_nobody_in_serves_applications_only()
    {
        await using var host = await IssuerHost.StartAsync(new IssuerSettings { SignsPeopleIn = false });
        await IssuerHost.RefusedAsync(AskAsync(host: host), 400, "unauthorized_client", 7000112);
        await IssuerHost.RefusedAsync(
            host.PostAsync(
                $"/{TenantId}/oauth2/v2.0/devicecode",
                [("client_id", $"{Public}"), ("scope", "Presence.Read")]
            ),
            400,
            "unauthorized_client",
            7000112
        );
        using var page = await host.GetAsync(SignInFlow.Authorize(("login_hint", Alice)));
        Assert.Equal(400, (int)page.StatusCode);
        await IssuerHost.JsonAsync(
            host.TokenAsync(
                ("grant_type", "client_credentials"),
                ("client_id", $"{Daemon}"),
                ("client_secret", Secret),
                ("scope", "https://graph.microsoft.com/.default")
            )
        );
    }

    private Task<HttpResponseMessage> AskAsync(
        string tenant = "organizations",
        string name = Alice,
        string password = "demo",
        string scope = SignInFlow.Scope,
        IssuerHost? host = null
    ) =>
        (host ?? _host).PostAsync(
            $"/{tenant}/oauth2/v2.0/token",
            [
                ("grant_type", "password"),
                ("client_id", $"{Public}"),
                ("username", name),
                ("password", password),
                ("scope", scope),
                ("client_info", "1"),
            ]
        );
}
