using System.Net;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// The second sign-in in one browser is silent; msal-browser's hidden frame lives on it.
/// </summary>
public sealed class BrowserSessionTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync(tls: TestCertificates.Shared);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Scripts_cannot_read_it_and_frames_elsewhere_can_send_it()
    {
        var cookie = await CookieAsync();
        Assert.Contains("; secure; samesite=none; httponly", cookie);
        Assert.Contains("; max-age=86400;", cookie);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("none", null)]
    [InlineData("none", Alice)]
    [InlineData("consent", null)]
    public async Task With_a_session_nobody_is_asked(string? prompt, string? hint)
    {
        var returned = await ReturnedAsync(AskAsync(await CookieAsync(), ("prompt", prompt), ("login_hint", hint)));
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(returned["code"])));
        Assert.Equal(Alice, TokenText.Claims(answer.String("access_token")).String("upn"));
    }

    [Theory]
    [InlineData("login")]
    [InlineData("select_account")]
    public async Task The_application_may_have_the_person_asked_all_the_same(string prompt)
    {
        using var answer = await AskAsync(await CookieAsync(), ("prompt", prompt));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Silently_another_person_than_the_session_s_is_refused()
    {
        var returned = await ReturnedAsync(
            AskAsync(await CookieAsync(), ("prompt", "none"), ("login_hint", "bob@contoso.example"))
        );
        Assert.Equal("login_required", returned["error"]);
    }

    [Fact]
    public async Task It_ends_after_a_day()
    {
        var cookie = await CookieAsync();
        _host.Clock.Advance(IssuerLimits.SessionLifetime);
        var returned = await ReturnedAsync(AskAsync(cookie, ("prompt", "none")));
        Assert.Equal("login_required", returned["error"]);
    }

    [Fact]
    public async Task It_ends_with_the_account()
    {
        var cookie = await CookieAsync();
        _host.Issuer.Directory.TryGetPerson(AliceId, out var alice);
        _host.Issuer.Directory.Upsert(alice! with { AccountEnabled = false });
        var returned = await ReturnedAsync(AskAsync(cookie, ("prompt", "none")));
        Assert.Equal("login_required", returned["error"]);
    }

    [Fact]
    public async Task It_ends_with_what_is_revoked_and_only_for_that()
    {
        var cookie = await CookieAsync();
        await _host.RevokeAsync(AliceId, Daemon);
        Assert.Contains("code", await ReturnedAsync(AskAsync(cookie, ("prompt", "none"))));
        foreach (var (person, client) in ((Guid, Guid)[])[(AliceId, Public), (default, Public), (AliceId, default)])
        {
            cookie = await CookieAsync();
            await _host.RevokeAsync(person, client);
            var returned = await ReturnedAsync(AskAsync(cookie, ("prompt", "none")));
            Assert.Equal("login_required", returned["error"]);
        }
    }

    [Fact]
    public async Task A_token_is_no_session()
    {
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(await CodeAsync(_host))));
        foreach (var token in (string[])["access_token", "id_token"])
        {
            var returned = await ReturnedAsync(
                AskAsync($"openpresence-session={answer.String(token)}", ("prompt", "none"))
            );
            Assert.Equal("login_required", returned["error"]);
        }
    }

    [Fact]
    public async Task A_session_is_no_token()
    {
        var session = (await CookieAsync()).Split('=', ';')[1];
        using var request = new HttpRequestMessage(HttpMethod.Get, "/oidc/userinfo");
        request.Headers.Authorization = new("Bearer", session);
        await IssuerHost.RefusedAsync(_host.Http.SendAsync(request, Cancel), 401, "invalid_token", 50013);
    }

    [Fact]
    public async Task Signing_out_ends_it_and_leads_back_to_registered_addresses_only()
    {
        using var home = await LogoutAsync($"?post_logout_redirect_uri={WebRedirect}&state=a%26b");
        Assert.Equal($"{WebRedirect}?state=a%26b", home.Headers.Location!.OriginalString);
        Assert.Contains("openpresence-session=;", Assert.Single(home.Headers.GetValues("Set-Cookie")));

        using var elsewhere = await LogoutAsync("?post_logout_redirect_uri=https://evil.example");
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
        Assert.Null(elsewhere.Headers.Location);

        using var plain = await LogoutAsync("");
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
    }

    private Task<HttpResponseMessage> LogoutAsync(string query) => _host.GetAsync($"/common/oauth2/v2.0/logout{query}");

    private async Task<string> CookieAsync()
    {
        using var answer = await _host.GetAsync(Authorize(("login_hint", Alice)));
        return Assert.Single(answer.Headers.GetValues("Set-Cookie"));
    }

    private async Task<HttpResponseMessage> AskAsync(string cookie, params (string Name, string? Value)[] changes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Authorize(changes));
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        return await _host.Http.SendAsync(request, Cancel);
    }
}
