using System.Net.Http.Headers;
using System.Text;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Requests in the forms in which real client libraries were seen to send them.</summary>
public sealed class RealClientRequestTests : IAsyncLifetime
{
    private const string GraphDefault = "https://graph.microsoft.com/.default";

    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("https://graph.microsoft.com/.default openid profile offline_access")]
    [InlineData(".default")]
    public async Task An_application_s_scope_may_be_written_as_MSAL_for_Go_and_older_programs_do(string scope)
    {
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(ClientCredentials(("scope", scope))));
        Assert.Equal("https://graph.microsoft.com", TokenText.Claims(answer.String("access_token")).String("aud"));
        Assert.False(answer.TryGetProperty("refresh_token", out _));
        Assert.False(answer.TryGetProperty("id_token", out _));
    }

    [Theory]
    [InlineData("/oauth2/v2.0/devicecode", "client_id=11112222-bbbb-3333-cccc-4444dddd5555&scope=Presence.Read")]
    [InlineData(
        "/oauth2/v2.0/token",
        "grant_type=client_credentials&client_id=00001111-aaaa-2222-bbbb-3333cccc4444&client_secret=demo-secret&scope=.default"
    )]
    public async Task A_body_without_a_type_is_a_form_where_programs_ask(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{TenantId}{path}");
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        await IssuerHost.JsonAsync(_host.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_device_s_message_has_the_words_that_programs_look_for()
    {
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(
                $"/{TenantId}/oauth2/v2.0/devicecode",
                [("client_id", $"{Public}"), ("scope", "Presence.Read")]
            )
        );
        Assert.Equal(
            $"To sign in, use a web browser to open the page {answer.String("verification_uri")} and enter the code "
                + $"{answer.String("user_code")} to authenticate.",
            answer.String("message")
        );
    }

    [Fact]
    public async Task Published_permissions_beyond_this_server_s_are_consented_to_with_the_sign_in()
    {
        var code = await SignInFlow.CodeAsync(_host, ("scope", "openid offline_access Presence.Read Mail.Read"));
        var answer = await IssuerHost.JsonAsync(
            _host.TokenAsync(SignInFlow.Redeem(code, ("scope", "Presence.Read Mail.Read offline_access")))
        );
        Assert.Equal(
            "Presence.Read Presence.Read.All User.Read Mail.Read",
            TokenText.Claims(answer.String("access_token")).String("scp")
        );
        var later = await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "refresh_token"),
                ("client_id", $"{Public}"),
                ("refresh_token", answer.String("refresh_token")),
                ("scope", "https://graph.microsoft.com/Mail.Read")
            )
        );
        Assert.Contains(
            "Mail.Read",
            TokenText.Claims(later.String("access_token")).String("scp"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_permission_that_nobody_publishes_is_named()
    {
        var answer = await IssuerHost.RefusedAsync(
            _host.PostAsync(
                $"/{TenantId}/oauth2/v2.0/devicecode",
                [("client_id", $"{Public}"), ("scope", "Presence.Reed")]
            ),
            400,
            "invalid_client",
            650053
        );
        Assert.Contains(
            "asked for scope 'Presence.Reed' that doesn't exist on the resource",
            answer.String("error_description"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public Task The_name_of_a_grant_has_no_letter_case() =>
        IssuerHost.RefusedAsync(
            _host.TokenAsync(
                ("grant_type", "urn:ietf:params:Oauth:grant-type:jwt-bearer"),
                ("client_id", $"{Daemon}"),
                ("client_secret", Secret),
                ("requested_token_use", "on_behalf_of"),
                ("scope", "Presence.Read.All"),
                ("assertion", "no token")
            ),
            400,
            "invalid_grant",
            50013
        );

    [Theory]
    [InlineData("urn:ietf:params:Oauth:client-assertion-type:jwt-bearer", 50027, "invalid_request")]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:saml2-bearer", 50172, "invalid_request")]
    public async Task An_assertion_that_is_no_token_is_called_so(string type, int number, string error)
    {
        var answer = await IssuerHost.RefusedAsync(
            _host.TokenAsync(
                ("grant_type", "client_credentials"),
                ("client_id", $"{Daemon}"),
                ("client_assertion_type", type),
                ("client_assertion", "no token"),
                ("scope", GraphDefault)
            ),
            400,
            error,
            number
        );
        Assert.DoesNotContain("- ", answer.String("error_description"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo-secret", true)]
    [InlineData("another", false)]
    public async Task A_secret_that_is_sent_twice_must_be_the_same(string inTheBody, bool isTaken)
    {
        var asking = _host.PostAsync(
            $"/{TenantId}/oauth2/v2.0/token",
            ClientCredentials(("scope", GraphDefault), ("client_secret", inTheBody)),
            headers => headers.Authorization = Basic($"{Daemon}:{Secret}")
        );
        if (isTaken)
        {
            await IssuerHost.JsonAsync(asking);
        }
        else
        {
            await IssuerHost.RefusedAsync(asking, 400, "invalid_request", 9002313);
        }
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("demo-secret", 700025)]
    public async Task A_public_client_may_name_itself_by_basic_authentication_without_a_password(
        string password,
        int? number
    )
    {
        var asking = _host.PostAsync(
            $"/{TenantId}/oauth2/v2.0/token",
            [("grant_type", "password"), ("username", Alice), ("password", "demo"), ("scope", "Presence.Read")],
            headers => headers.Authorization = Basic($"{Public}:{password}")
        );
        if (number is { } code)
        {
            await IssuerHost.RefusedAsync(asking, 401, "invalid_client", code);
        }
        else
        {
            await IssuerHost.JsonAsync(asking);
        }
    }

    [Fact]
    public async Task Tokens_of_version_one_name_their_key_s_certificate()
    {
        var answer = await IssuerHost.JsonAsync(_host.TokenAsync(ClientCredentials(("scope", GraphDefault))));
        var keys = await IssuerHost.JsonAsync(_host.GetAsync("/common/discovery/keys"));
        Assert.Equal(
            Assert.Single(keys.GetProperty("keys").EnumerateArray()).String("x5t"),
            TokenText.Header(answer.String("access_token")).String("x5t")
        );
    }

    [Theory]
    [InlineData("https://graph.microsoft.com")]
    [InlineData("https://graph.microsoft.com/")]
    [InlineData("00000003-0000-0000-c000-000000000000")]
    public async Task The_token_endpoint_of_version_one_takes_a_resource(string resource)
    {
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync($"/{TenantId}/oauth2/token", ClientCredentials(("resource", resource)))
        );
        Assert.Contains("Presence.Read.All", TokenText.Claims(answer.String("access_token")).ToString());
    }

    [Fact]
    public async Task A_person_signs_in_through_the_endpoints_of_version_one()
    {
        var document = await IssuerHost.JsonAsync(_host.GetAsync($"/{TenantId}/.well-known/openid-configuration"));
        Assert.Equal($"{_host.BaseUrl}/{TenantId}/oauth2/token", document.String("token_endpoint"));
        Assert.Equal($"https://sts.windows.net/{TenantId}/", document.String("issuer"));
        var query = SignInFlow.Query(
            SignInFlow.Fields(("scope", null), ("resource", "https://graph.microsoft.com"), ("login_hint", Alice))
        );
        var returned = await SignInFlow.ReturnedAsync(
            _host.Http.GetAsync(
                $"{document.String("authorization_endpoint")}?{query}",
                TestContext.Current.CancellationToken
            )
        );
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(
                $"/{TenantId}/oauth2/token",
                SignInFlow.Redeem(returned["code"], ("scope", null), ("resource", "https://graph.microsoft.com"))
            )
        );
        Assert.StartsWith(
            "Presence.Read Presence.Read.All User.Read",
            TokenText.Claims(answer.String("access_token")).String("scp"),
            StringComparison.Ordinal
        );
        Assert.NotNull(answer.String("refresh_token"));
        Assert.NotNull(answer.String("id_token"));
    }

    [Fact]
    public Task A_resource_is_refused_by_the_endpoints_of_version_two() =>
        IssuerHost.RefusedAsync(
            _host.TokenAsync(ClientCredentials(("scope", GraphDefault), ("resource", "https://graph.microsoft.com"))),
            400,
            "invalid_request",
            901002
        );

    [Theory]
    [InlineData("plain")]
    [InlineData(null)]
    public async Task A_challenge_may_be_the_verifier_itself(string? method)
    {
        var code = await SignInFlow.CodeAsync(
            _host,
            ("code_challenge", SignInFlow.Verifier),
            ("code_challenge_method", method)
        );
        await IssuerHost.RefusedAsync(
            _host.TokenAsync(SignInFlow.Redeem(code, ("code_verifier", new string('x', 43)))),
            400,
            "invalid_grant",
            501481
        );
        await IssuerHost.JsonAsync(_host.TokenAsync(SignInFlow.Redeem(code)));
    }

    [Fact]
    public async Task A_word_that_is_no_origin_is_passed_over()
    {
        var code = await SignInFlow.CodeAsync(_host);
        await IssuerHost.JsonAsync(
            _host.PostAsync(
                $"/{TenantId}/oauth2/v2.0/token",
                SignInFlow.Redeem(code),
                headers => headers.TryAddWithoutValidation("Origin", "a-native-program")
            )
        );
    }

    private static AuthenticationHeaderValue Basic(string text) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    private static (string Name, string? Value)[] ClientCredentials(params (string Name, string? Value)[] changes)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = $"{Daemon}",
            ["client_secret"] = Secret,
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return [.. fields.Select(field => (field.Key, field.Value))];
    }
}
