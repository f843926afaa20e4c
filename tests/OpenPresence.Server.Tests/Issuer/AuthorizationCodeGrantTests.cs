using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class AuthorizationCodeGrantTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_answer_has_every_member_that_a_client_was_seen_to_need()
    {
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(await CodeAsync(_host))));
        Assert.Equal(
            [
                "token_type",
                "expires_in",
                "ext_expires_in",
                "access_token",
                "scope",
                "refresh_token",
                "id_token",
                "client_info",
            ],
            answer.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(
            "openid profile https://graph.microsoft.com/Presence.Read https://graph.microsoft.com/Presence.Read.All "
                + "https://graph.microsoft.com/User.Read Presence.Read",
            answer.String("scope")
        );
        Assert.Equal(
            $$"""{"uid":"{{AliceId}}","utid":"{{TenantId}}"}""",
            TokenText.Claims($".{answer.String("client_info")}.").ToString()
        );
    }

    [Fact]
    public async Task The_access_token_is_the_person_s_for_Graph()
    {
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(await CodeAsync(_host))));
        var claims = await TokenText.VerifiedAsync(_host, answer.String("access_token"));
        Assert.Equal("https://graph.microsoft.com", claims.String("aud"));
        Assert.Equal("Presence.Read Presence.Read.All User.Read openid profile", claims.String("scp"));
        Assert.Equal(AliceId.ToString(), claims.String("oid"));
        Assert.Equal(Alice, claims.String("upn"));
        Assert.Equal(Alice, claims.String("unique_name"));
        Assert.Equal("user", claims.String("idtyp"));
        Assert.Equal("0", claims.String("appidacr"));
        Assert.Equal("1.0", claims.String("ver"));
        Assert.False(claims.TryGetProperty("roles", out _));
    }

    [Fact]
    public async Task The_id_token_says_who_signed_in_where()
    {
        var answer = await IssuerHost.JsonAsync(
            _host.TokenAsync(
                Redeem(await CodeAsync(_host, ("scope", "openid profile email")), ("scope", "openid profile email"))
            )
        );
        var claims = await TokenText.VerifiedAsync(_host, answer.String("id_token"));
        Assert.Equal(Public.ToString(), claims.String("aud"));
        Assert.Equal($"{_host.BaseUrl}/{TenantId}/v2.0", claims.String("iss"));
        Assert.Equal(AliceId.ToString(), claims.String("oid"));
        Assert.Equal(TenantId.ToString(), claims.String("tid"));
        Assert.Equal(Alice, claims.String("preferred_username"));
        Assert.Equal("Alice Example", claims.String("name"));
        Assert.Equal("alice.example@contoso.example", claims.String("email"));
        Assert.Equal("the nonce", claims.String("nonce"));
        Assert.Equal("2.0", claims.String("ver"));
        Assert.False(answer.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task Two_applications_know_one_person_by_different_subjects()
    {
        var desk = await SubjectAsync(Redeem(await CodeAsync(_host)));
        var webCode = await CodeAsync(_host, ("client_id", $"{Web}"), ("redirect_uri", WebRedirect));
        var web = await SubjectAsync(
            Redeem(webCode, ("client_id", $"{Web}"), ("client_secret", Secret), ("redirect_uri", WebRedirect))
        );
        Assert.NotEqual(desk, web);
    }

    [Fact]
    public async Task A_code_that_comes_twice_is_refused_and_revokes_what_came_of_it()
    {
        var code = await CodeAsync(_host);
        var first = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code)));
        await IssuerHost.RefusedAsync(_host.TokenAsync(Redeem(code)), 400, "invalid_grant", 54005);
        await IssuerHost.RefusedAsync(
            _host.TokenAsync(
                ("grant_type", "refresh_token"),
                ("client_id", $"{Public}"),
                ("refresh_token", first.String("refresh_token"))
            ),
            400,
            "invalid_grant",
            70000
        );
    }

    [Fact]
    public async Task Of_many_who_redeem_one_code_at_once_one_gets_tokens()
    {
        var code = await CodeAsync(_host);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _host.TokenAsync(Redeem(code))));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_code_ends_after_ten_minutes()
    {
        var code = await CodeAsync(_host);
        _host.Clock.Advance(IssuerLimits.CodeLifetime);
        await IssuerHost.RefusedAsync(_host.TokenAsync(Redeem(code)), 400, "invalid_grant", 70008);
    }

    public static TheoryData<string, string?, int> Mistakes =>
        new()
        {
            { "code", "made up", 70000 },
            { "redirect_uri", "http://localhost:53683", 500112 },
            { "redirect_uri", $"{LocalRedirect}/", 500112 },
            { "code_verifier", null, 501481 },
            { "code_verifier", "another verifier, long enough to be one of the right kind", 501481 },
            { "client_id", Modest.ToString(), 700009 },
            { "scope", "openid Mail.Read", 65001 },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_refused_and_does_not_cost_the_code(string field, string? value, int number)
    {
        var code = await CodeAsync(_host);
        var error = await IssuerHost.RefusedAsync(
            _host.TokenAsync(Redeem(code, (field, value))),
            400,
            "invalid_grant",
            number
        );
        Assert.DoesNotContain(code, error.ToString(), StringComparison.Ordinal);
        await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code)));
    }

    [Fact]
    public async Task A_missing_consent_says_so_in_Entra_s_second_word()
    {
        var code = await CodeAsync(_host);
        var error = await IssuerHost.RefusedAsync(
            _host.TokenAsync(Redeem(code, ("scope", "Mail.Read"))),
            400,
            "invalid_grant",
            65001
        );
        Assert.Equal("consent_required", error.String("suberror"));
        Assert.Contains("Mail.Read", error.String("error_description"));
    }

    [Fact]
    public async Task A_verifier_for_a_code_without_challenge_is_refused()
    {
        var code = await CodeAsync(_host, ("code_challenge", null), ("code_challenge_method", null));
        await IssuerHost.RefusedAsync(_host.TokenAsync(Redeem(code)), 400, "invalid_grant", 501481);
        await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code, ("code_verifier", null))));
    }

    [Fact]
    public async Task The_tenant_of_the_token_request_must_be_the_application_s()
    {
        var code = await CodeAsync(_host);
        await IssuerHost.RefusedAsync(
            _host.PostAsync("/fabrikam.example/oauth2/v2.0/token", Redeem(code)),
            400,
            "unauthorized_client",
            700016
        );
        await IssuerHost.JsonAsync(_host.PostAsync("/common/oauth2/v2.0/token", Redeem(code)));
    }

    [Fact]
    public async Task A_person_who_was_disabled_meanwhile_gets_nothing()
    {
        var code = await CodeAsync(_host);
        _host.Issuer.Directory.TryGetPerson(AliceId, out var alice);
        _host.Issuer.Directory.Upsert(alice! with { AccountEnabled = false });
        await IssuerHost.RefusedAsync(_host.TokenAsync(Redeem(code)), 400, "invalid_grant", 50057);

        _host.Issuer.Directory.RemovePerson(AliceId);
        await IssuerHost.RefusedAsync(_host.TokenAsync(Redeem(code)), 400, "invalid_grant", 50034);
    }

    [Fact]
    public async Task A_confidential_client_needs_its_secret_here_too()
    {
        var code = await CodeAsync(_host, ("client_id", $"{Web}"), ("redirect_uri", WebRedirect));
        await IssuerHost.RefusedAsync(
            _host.TokenAsync(Redeem(code, ("client_id", $"{Web}"), ("redirect_uri", WebRedirect))),
            401,
            "invalid_client",
            7000218
        );
    }

    [Fact]
    public async Task Everything_that_is_granted_comes_with_default()
    {
        const string All = "https://graph.microsoft.com/.default";
        var code = await CodeAsync(_host, ("scope", All));
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code, ("scope", All))));
        Assert.Equal(
            "https://graph.microsoft.com/Presence.Read "
                + "https://graph.microsoft.com/Presence.Read.All "
                + $"https://graph.microsoft.com/User.Read {All}",
            answer.String("scope")
        );
    }

    private async Task<string?> SubjectAsync((string Name, string? Value)[] redeem)
    {
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(redeem));
        return TokenText.Claims(answer.String("id_token")).String("sub");
    }
}
