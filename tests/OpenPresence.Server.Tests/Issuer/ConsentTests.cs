using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Which of Graph's permissions a person's token carries, and which may be asked for at all.</summary>
public sealed class ConsentTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_token_carries_everything_that_is_granted_whatever_of_it_was_asked_for()
    {
        foreach (
            var scope in (string[])["Presence.Read", "User.Read", "openid", "https://graph.microsoft.com/.default"]
        )
        {
            var answer = await IssuerHost.JsonAsync(PasswordAsync(scope));
            var carried = TokenText.Claims(answer.String("access_token")).String("scp")!.Split(' ').Except(["openid"]);
            Assert.Equal(["Presence.Read", "Presence.Read.All", "User.Read"], carried);
        }
    }

    [Fact]
    public async Task The_answer_names_what_the_token_carries_and_repeats_the_words_of_the_request()
    {
        var answer = await IssuerHost.JsonAsync(PasswordAsync("presence.read"));
        Assert.Equal(
            "https://graph.microsoft.com/Presence.Read https://graph.microsoft.com/Presence.Read.All "
                + "https://graph.microsoft.com/User.Read presence.read",
            answer.String("scope")
        );
    }

    [Fact]
    public async Task A_token_for_an_application_of_the_tenant_carries_what_was_asked_for()
    {
        var answer = await IssuerHost.JsonAsync(PasswordAsync($"api://{Web}/one"));
        Assert.Equal("one", TokenText.Claims(answer.String("access_token")).String("scp"));
    }

    [Theory]
    [InlineData("Mail.Read")]
    [InlineData("mail.read")]
    [InlineData("https://graph.microsoft.com/GroupMember.Read.All")]
    [InlineData("Contacts.Read Files.Read Presence.Read")]
    public async Task Every_delegated_permission_that_Graph_publishes_may_be_asked_for(string scope)
    {
        var code = await CodeAsync(_host, ("scope", $"{scope} offline_access"));
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code, ("scope", scope))));
        var carried = TokenText.Claims(answer.String("access_token")).String("scp")!.Split(' ');
        foreach (var word in scope.Split(' '))
        {
            var name = word[(word.LastIndexOf('/') + 1)..];
            Assert.Contains(name, carried, StringComparer.OrdinalIgnoreCase);
        }

        Assert.Contains("Presence.Read", carried);
    }

    [Fact]
    public async Task A_permission_is_spelled_as_Graph_spells_it()
    {
        var code = await CodeAsync(_host, ("scope", "mail.READ"));
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code, ("scope", "mail.READ"))));
        Assert.Contains("Mail.Read", TokenText.Claims(answer.String("access_token")).String("scp")!.Split(' '));
    }

    [Fact]
    public async Task What_was_consented_to_at_the_sign_in_stays_so_for_its_refresh_token()
    {
        var code = await CodeAsync(_host, ("scope", "offline_access Mail.Read"));
        var signedIn = await IssuerHost.JsonAsync(
            _host.TokenAsync(Redeem(code, ("scope", "offline_access Mail.Read")))
        );
        var answer = await IssuerHost.JsonAsync(RefreshAsync(signedIn.String("refresh_token"), "User.Read"));
        Assert.Contains("Mail.Read", TokenText.Claims(answer.String("access_token")).String("scp")!.Split(' '));
        await IssuerHost.RefusedAsync(
            RefreshAsync(answer.String("refresh_token"), "Calendars.Read"),
            400,
            "invalid_grant",
            65001
        );
    }

    /// <summary>Of the permissions that open something here, only those of the directory.</summary>
    [Theory]
    [InlineData("Presence.ReadWrite")]
    [InlineData("openid Presence.Read presence.readwrite")]
    public async Task A_permission_of_this_server_s_own_is_granted_by_the_directory_alone(string scope)
    {
        var returned = await ReturnedAsync(_host.GetAsync(Authorize(("login_hint", Alice), ("scope", scope))));
        Assert.Equal("consent_required", returned["error"]);
        Assert.StartsWith("AADSTS65001", returned["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail.Reed", "Mail.Reed")]
    [InlineData("wl.basic", "wl.basic")]
    [InlineData("openid Presence.Read message_all", "message_all")]
    [InlineData("https://graph.microsoft.com/ScopeDefault", "ScopeDefault")]
    [InlineData("Application.ReadWrite.OwnedBy", "Application.ReadWrite.OwnedBy")]
    public async Task A_name_that_Graph_does_not_publish_is_said_not_to_exist(string scope, string name)
    {
        const string Number = "AADSTS650053";
        var says =
            $"asked for scope '{name}' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'";
        var returned = await ReturnedAsync(_host.GetAsync(Authorize(("login_hint", Alice), ("scope", scope))));
        Assert.Equal("invalid_client", returned["error"]);
        Assert.StartsWith(Number, returned["error_description"], StringComparison.Ordinal);
        Assert.Contains(says, returned["error_description"], StringComparison.Ordinal);

        var error = await IssuerHost.RefusedAsync(
            _host.PostAsync($"/{TenantId}/oauth2/v2.0/devicecode", [("client_id", $"{Public}"), ("scope", scope)]),
            400,
            "invalid_client",
            650053
        );
        Assert.Contains(says, error.String("error_description"), StringComparison.Ordinal);
    }

    /// <summary>What came back from the real one for wl.basic.</summary>
    [Fact]
    public async Task At_the_token_endpoint_a_name_that_does_not_exist_is_a_missing_consent()
    {
        var error = await IssuerHost.RefusedAsync(PasswordAsync("wl.basic"), 400, "invalid_grant", 65001);
        Assert.Equal("consent_required", error.String("suberror"));
        await IssuerHost.RefusedAsync(
            RefreshAsync(await RefreshTokenAsync(_host), "wl.basic"),
            400,
            "invalid_grant",
            65001
        );
    }

    [Fact]
    public async Task A_client_without_any_grant_can_sign_people_in_but_has_nothing_of_Graph()
    {
        using var answer = await _host.TokenAsync(
            ("grant_type", "password"),
            ("client_id", $"{Modest}"),
            ("username", Alice),
            ("password", "demo"),
            ("scope", "openid")
        );
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        await IssuerHost.RefusedAsync(
            _host.TokenAsync(
                ("grant_type", "password"),
                ("client_id", $"{Modest}"),
                ("username", Alice),
                ("password", "demo"),
                ("scope", "https://graph.microsoft.com/.default")
            ),
            400,
            "invalid_grant",
            65001
        );
    }

    private Task<HttpResponseMessage> RefreshAsync(string? token, string scope) =>
        _host.TokenAsync(
            ("grant_type", "refresh_token"),
            ("client_id", $"{Public}"),
            ("refresh_token", token),
            ("scope", scope)
        );

    private Task<HttpResponseMessage> PasswordAsync(string scope) =>
        _host.TokenAsync(
            ("grant_type", "password"),
            ("client_id", $"{Public}"),
            ("username", Alice),
            ("password", "demo"),
            ("scope", scope)
        );
}
