using System.Net;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// What msal-browser's own fetches need, and what a stranger's page must not get.
/// </summary>
public sealed class CrossOriginTests : IAsyncLifetime
{
    private static readonly string Endpoint = $"/{TenantId}/oauth2/v2.0/token";

    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/common/v2.0/.well-known/openid-configuration")]
    [InlineData("/common/discovery/v2.0/keys")]
    public async Task What_is_public_may_be_read_from_everywhere(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", "https://any.example");
        using var answer = await _host.Http.SendAsync(request, Cancel);
        Assert.Equal("*", Allowed(answer));
    }

    [Theory]
    [InlineData("https://spa.example")]
    [InlineData("http://localhost:5173")]
    [InlineData("http://127.0.0.1:8080")]
    public async Task A_page_at_a_registered_address_may_redeem_its_code(string origin)
    {
        using var answer = await RedeemAsync(await CodeAsync(_host), origin);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(origin, Allowed(answer));
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    /// <summary>Programs write one because Entra ID redeems codes of single-page applications only with this header.</summary>
    [Theory]
    [InlineData("arctic")]
    [InlineData("")]
    public async Task A_word_that_no_browser_sends_is_passed_over(string origin)
    {
        var code = await CodeAsync(_host, ("code_challenge", null), ("code_challenge_method", null));
        using var answer = await _host.PostAsync(
            Endpoint,
            Redeem(code, ("code_verifier", null)),
            headers => headers.TryAddWithoutValidation("Origin", origin)
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("tauri://localhost")]
    [InlineData("https://spa.example, https://evil.example")]
    [InlineData("https://evil.example arctic")]
    [InlineData("https://spa.example:444")]
    [InlineData("http://spa.example")]
    [InlineData("null")]
    public async Task A_stranger_s_page_gets_no_token_but_may_read_why(string origin)
    {
        var code = await CodeAsync(_host);
        using var answer = await RedeemAsync(code, origin);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("*", Allowed(answer));
        Assert.Contains("AADSTS9002326", await answer.Content.ReadAsStringAsync(Cancel));

        await IssuerHost.RefusedAsync(
            _host.PostAsync(
                Endpoint,
                [
                    ("grant_type", "password"),
                    ("client_id", $"{Public}"),
                    ("username", Alice),
                    ("password", "demo"),
                    ("scope", Scope),
                ],
                headers => headers.TryAddWithoutValidation("Origin", origin)
            ),
            400,
            "invalid_request",
            9002326
        );
    }

    [Fact]
    public async Task From_another_origin_a_code_without_PKCE_is_worth_nothing()
    {
        var code = await CodeAsync(_host, ("code_challenge", null), ("code_challenge_method", null));
        using var answer = await _host.PostAsync(
            Endpoint,
            Redeem(code, ("code_verifier", null)),
            headers => headers.Add("Origin", "https://spa.example")
        );
        Assert.Contains("AADSTS9002325", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_preflight_is_answered_with_what_was_asked_for()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, Endpoint);
        request.Headers.Add("Origin", "https://spa.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-client-sku, client-request-id");
        using var answer = await _host.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Allowed(answer));
        Assert.Equal("POST", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Equal("x-client-sku, client-request-id", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("600", Header(answer, "Access-Control-Max-Age"));
    }

    [Fact]
    public async Task Pages_are_for_no_other_origin()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/devicelogin");
        request.Headers.Add("Origin", "https://spa.example");
        using var answer = await _host.Http.SendAsync(request, Cancel);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private Task<HttpResponseMessage> RedeemAsync(string code, string origin) =>
        _host.PostAsync(Endpoint, Redeem(code), headers => headers.TryAddWithoutValidation("Origin", origin));

    private static string Allowed(HttpResponseMessage answer) => Header(answer, "Access-Control-Allow-Origin");

    private static string Header(HttpResponseMessage answer, string name) =>
        Assert.Single(answer.Headers.GetValues(name));
}
