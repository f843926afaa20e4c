using System.Net;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class AuthorizeTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_page_shows_the_people_of_the_application_s_tenant_who_may_sign_in()
    {
        var page = await PageAsync(HttpStatusCode.OK, Authorize());
        Assert.Contains("Desk client", page);
        Assert.Contains("Alice Example", page);
        Assert.DoesNotContain(Stranger, page);
        Assert.DoesNotContain(Disabled, page);
    }

    [Fact]
    public async Task What_people_and_applications_are_called_cannot_become_markup()
    {
        var page = await PageAsync(
            HttpStatusCode.OK,
            Authorize(("client_id", $"{Web}"), ("redirect_uri", WebRedirect), ("state", "\"><script>alert(2)</script>"))
        );
        Assert.DoesNotContain("<script>", page);
        Assert.DoesNotContain("<b>shop", page);
        Assert.Contains("Bob &lt;script&gt;", page);
        Assert.Contains("&quot;&gt;&lt;script&gt;alert(2)", page);
    }

    [Fact]
    public async Task The_page_allows_nothing_from_elsewhere_and_no_frame_around_it()
    {
        using var answer = await _host.GetAsync(Authorize());
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'nonce-", policy);
        Assert.DoesNotContain("script-src", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.EndsWith($"form-action 'self' {LocalRedirect}", policy);
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
    }

    [Fact]
    public async Task Choosing_a_person_sends_the_browser_back_with_a_code_and_the_state()
    {
        var returned = await ReturnedAsync(LoginAsync([("op_person", $"{AliceId}")]));
        Assert.Equal("the state & more", returned["state"]);
        Assert.True(Guid.TryParse(returned["session_state"], out _));
        await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(returned["code"])));
    }

    [Fact]
    public async Task A_request_may_begin_as_a_form()
    {
        using var answer = await _host.PostAsync(
            $"/{TenantId}/oauth2/v2.0/authorize",
            Fields(),
            headers => headers.Add("Origin", "https://spa.example")
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_person_can_be_typed_and_a_wrong_name_can_be_corrected()
    {
        await ReturnedAsync(LoginAsync([("op_name", $" {Alice.ToUpperInvariant()} ")]));
        using var answer = await LoginAsync([("op_name", "nobody@contoso.example")]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Cancelling_is_told_to_the_application()
    {
        var returned = await ReturnedAsync(LoginAsync([("op_cancel", "1")]));
        Assert.Equal("access_denied", returned["error"]);
        Assert.StartsWith("AADSTS65004: ", returned["error_description"]);
        Assert.Equal("the state & more", returned["state"]);
    }

    [Theory]
    [InlineData(Disabled, "invalid_grant", "AADSTS50057")]
    [InlineData(Stranger, "invalid_grant", "AADSTS50020")]
    public async Task Whoever_may_not_sign_in_is_told_to_the_application(string name, string error, string number)
    {
        var returned = await ReturnedAsync(LoginAsync([("op_name", name)]));
        Assert.Equal(error, returned["error"]);
        Assert.StartsWith(number, returned["error_description"]);
    }

    [Fact]
    public async Task A_choice_that_another_site_made_is_refused()
    {
        using var answer = await _host.PostAsync(
            $"/{TenantId}/login",
            [.. Fields(), ("op_person", $"{AliceId}")],
            headers => headers.Add("Origin", "https://evil.example")
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    public static TheoryData<string, string?> Unsafe =>
        new()
        {
            { "client_id", null },
            { "client_id", "not-a-guid" },
            { "client_id", "12345678-0000-0000-0000-000000000000" },
            { "client_id", "44445555-eeee-6666-ffff-000011112222" },
            { "redirect_uri", null },
            { "redirect_uri", "https://evil.example" },
            { "redirect_uri", "http://localhost.evil.example" },
            { "redirect_uri", "http://localhost:1@evil.example" },
            { "redirect_uri", "http://user@localhost:1" },
            { "redirect_uri", "http://localhost:1/other" },
            { "redirect_uri", "http://localhost:1?x=1" },
            { "redirect_uri", "http://localhost:1#x" },
            { "redirect_uri", "http://localhost:1\\@evil.example" },
            { "redirect_uri", "http://localhost:1\r\nSet-Cookie: x=1" },
            { "redirect_uri", "http://127.0.0.1:1" },
            { "redirect_uri", "https://spa.example:444" },
            { "redirect_uri", "https://spa.example.evil.example" },
            { "redirect_uri", "https://SPA.example/x" },
            { "redirect_uri", "//localhost" },
            { "redirect_uri", "/signed-in" },
            { "redirect_uri", "javascript:alert(1)" },
            { "response_mode", "carrier_pigeon" },
        };

    [Theory]
    [MemberData(nameof(Unsafe))]
    public async Task While_the_address_is_not_certain_nothing_is_sent_there(string field, string? value)
    {
        using var answer = await _host.GetAsync(Authorize((field, value), ("login_hint", Alice)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("http://localhost:65535/")]
    [InlineData("http://localhost")]
    [InlineData("http://127.0.0.1:9999/signed-in")]
    [InlineData("https://spa.example")]
    public async Task A_registered_address_is_taken_a_loopback_one_with_any_port(string address)
    {
        var returned = await ReturnedAsync(
            _host.GetAsync(Authorize(("redirect_uri", address), ("login_hint", Alice))),
            address
        );
        Assert.Contains("code", returned);
    }

    public static TheoryData<string, string?, string, string> Faults =>
        new()
        {
            { "response_type", null, "invalid_request", "AADSTS900144" },
            { "response_type", "token", "unsupported_response_type", "AADSTS700051" },
            { "response_type", "id_token token", "unsupported_response_type", "AADSTS700051" },
            { "response_type", "magic", "unsupported_response_type", "AADSTS700054" },
            { "scope", null, "invalid_request", "AADSTS900144" },
            { "scope", "Presence.ReadWrite", "consent_required", "AADSTS65001" },
            { "scope", "Mail.Reed", "invalid_client", "AADSTS650053" },
            { "scope", "offline_access", "invalid_scope", "AADSTS70011" },
            { "scope", ".default Presence.Read", "invalid_scope", "AADSTS70011" },
            { "code_challenge", "short", "invalid_request", "AADSTS501491" },
            { "code_challenge", null, "invalid_request", "AADSTS50147" },
            { "code_challenge_method", "S512", "invalid_request", "AADSTS50149" },
            { "prompt", "magic", "invalid_request", "AADSTS90023" },
            { "prompt", "none login", "invalid_request", "AADSTS90023" },
            { "prompt", "none", "login_required", "AADSTS50058" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Once_the_address_is_certain_a_fault_is_sent_there(
        string field,
        string? value,
        string error,
        string number
    )
    {
        var mode = value?.Contains("token", StringComparison.Ordinal) is true ? '#' : '?';
        var returned = await ReturnedAsync(_host.GetAsync(Authorize((field, value))), separator: mode);
        Assert.Equal(error, returned["error"]);
        Assert.StartsWith($"{number}: ", returned["error_description"]);
        Assert.Equal("the state & more", returned["state"]);
        Assert.DoesNotContain("code", returned);
    }

    [Fact]
    public async Task A_parameter_twice_is_a_page()
    {
        var page = await PageAsync(HttpStatusCode.BadRequest, $"{Authorize()}&redirect_uri=https%3A%2F%2Fevil.example");
        Assert.Contains("AADSTS9000411", page);
    }

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 400)]
    public async Task Huge_parameters_are_refused(bool asForm, int status)
    {
        (string, string?) huge = ("login_hint", new string('x', 300));
        using var answer = asForm
            ? await _host.PostAsync($"/{TenantId}/oauth2/v2.0/authorize", Fields(huge))
            : await _host.GetAsync(Authorize(huge));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_answer_may_travel_in_the_fragment()
    {
        var returned = await ReturnedAsync(
            _host.GetAsync(Authorize(("response_mode", "fragment"), ("login_hint", Alice), ("client_info", "1"))),
            separator: '#'
        );
        Assert.Contains("client_info", returned);
        await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(returned["code"])));
    }

    [Fact]
    public async Task The_answer_may_travel_as_a_form_that_sends_itself()
    {
        using var answer = await _host.GetAsync(
            Authorize(("response_mode", "form_post"), ("login_hint", Alice), ("state", "<\"state\">"))
        );
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        var nonce = policy.Split("script-src 'nonce-")[1].Split('\'')[0];
        Assert.Contains($"<form method=\"post\" action=\"{LocalRedirect}\">", page);
        Assert.Contains("value=\"&lt;&quot;state&quot;&gt;\"", page);
        Assert.Contains($"<script nonce=\"{nonce}\">document.forms[0].submit();</script>", page);
        Assert.Contains("<button class=\"main\">Continue</button>", page);
        Assert.EndsWith($"form-action 'self' {LocalRedirect}", policy);
    }

    [Fact]
    public async Task An_id_token_travels_beside_the_code_and_vouches_for_it()
    {
        var returned = await ReturnedAsync(
            _host.GetAsync(Authorize(("response_type", "code id_token"), ("login_hint", Alice))),
            separator: '#'
        );
        var claims = await TokenText.VerifiedAsync(_host, returned["id_token"]);
        Assert.Equal("the nonce", claims.String("nonce"));
        Assert.Equal(22, claims.String("c_hash")!.Length);
        Assert.Contains("code", returned);
    }

    [Theory]
    [InlineData("response_mode", "query", "AADSTS70007")]
    [InlineData("nonce", null, "AADSTS900144")]
    public async Task An_id_token_needs_a_nonce_and_stays_out_of_the_query(string field, string? value, string number)
    {
        var returned = await ReturnedAsync(
            _host.GetAsync(Authorize(("response_type", "id_token"), (field, value))),
            separator: field == "nonce" ? '#' : '?'
        );
        Assert.StartsWith(number, returned["error_description"]);
    }

    private Task<HttpResponseMessage> LoginAsync((string Name, string? Value)[] choice) =>
        _host.PostAsync(
            $"/{TenantId}/login",
            [.. Fields(), .. choice],
            headers => headers.Add("Origin", _host.BaseUrl)
        );

    private async Task<string> PageAsync(HttpStatusCode status, string path)
    {
        using var answer = await _host.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }
}
