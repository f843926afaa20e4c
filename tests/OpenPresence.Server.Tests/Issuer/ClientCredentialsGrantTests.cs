using System.Net.Http.Headers;
using System.Text;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class ClientCredentialsGrantTests : IAsyncLifetime
{
    private const string Graph = "https://graph.microsoft.com";

    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_answer_has_exactly_the_four_members_of_the_captured_one()
    {
        var answer = await IssuerHost.JsonAsync(AskAsync());
        Assert.Equal(
            ["token_type", "expires_in", "ext_expires_in", "access_token"],
            answer.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("Bearer", answer.String("token_type"));
        Assert.Equal(3600, answer.GetProperty("expires_in").GetInt32());
    }

    [Fact]
    public async Task The_token_is_one_of_version_1_for_Graph_with_the_roles_of_the_application()
    {
        var answer = await IssuerHost.JsonAsync(AskAsync());
        var claims = await TokenText.VerifiedAsync(_host, answer.String("access_token"));
        var now = _host.Clock.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(Graph, claims.String("aud"));
        Assert.Equal($"https://sts.windows.net/{TenantId}/", claims.String("iss"));
        Assert.Equal(Daemon.ToString(), claims.String("appid"));
        Assert.Equal("1", claims.String("appidacr"));
        Assert.Equal(TenantId.ToString(), claims.String("tid"));
        Assert.Equal(DaemonPrincipal.ToString(), claims.String("oid"));
        Assert.Equal(DaemonPrincipal.ToString(), claims.String("sub"));
        Assert.Equal("app", claims.String("idtyp"));
        Assert.Equal("1.0", claims.String("ver"));
        Assert.Equal(22, claims.String("uti")!.Length);
        Assert.Equal(now, claims.GetProperty("iat").GetInt64());
        Assert.Equal(now, claims.GetProperty("nbf").GetInt64());
        Assert.Equal(now + 3600, claims.GetProperty("exp").GetInt64());
        Assert.False(claims.TryGetProperty("scp", out _));
        Assert.Equal(
            ["Presence.Read.All", "Presence.ReadWrite.All"],
            claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString())
        );
    }

    [Theory]
    [InlineData("https://graph.microsoft.com/.default", Graph)]
    [InlineData("https://graph.microsoft.com//.default", Graph)]
    [InlineData("00000003-0000-0000-c000-000000000000/.default", "00000003-0000-0000-c000-000000000000")]
    [InlineData("https://localhost/.default", Graph)]
    [InlineData("http://localhost:5080/.default", Graph)]
    [InlineData(".default", Graph)]
    public async Task Every_spelling_of_Graph_means_Graph(string scope, string audience)
    {
        var answer = await IssuerHost.JsonAsync(AskAsync(scope));
        Assert.Equal(audience, TokenText.Claims(answer.String("access_token")).String("aud"));
    }

    [Theory]
    [InlineData($"{Graph}/.default openid offline_access profile")]
    [InlineData($"openid {Graph}/.default email")]
    [InlineData(".default openid")]
    public async Task What_only_people_can_use_is_passed_over(string scope)
    {
        var answer = await IssuerHost.JsonAsync(AskAsync(scope));
        Assert.Equal(
            ["token_type", "expires_in", "ext_expires_in", "access_token"],
            answer.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("app", TokenText.Claims(answer.String("access_token")).String("idtyp"));
    }

    [Fact]
    public async Task The_tenant_may_be_named_by_its_domain()
    {
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync("/CONTOSO.example/oauth2/v2.0/token?client-request-id=x&haschrome=1", Fields())
        );
        var claims = TokenText.Claims(answer.String("access_token"));
        Assert.Equal(TenantId.ToString(), claims.String("tid"));
    }

    [Fact]
    public async Task A_secret_may_come_by_basic_authentication()
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Daemon}:{Secret}"));
        var answer = await IssuerHost.JsonAsync(
            _host.PostAsync(
                $"/{TenantId}/oauth2/v2.0/token",
                [("grant_type", "client_credentials"), ("scope", $"{Graph}/.default")],
                headers => headers.Authorization = new("Basic", credentials)
            )
        );
        Assert.NotNull(answer.String("access_token"));
    }

    [Theory]
    [InlineData("no colon")]
    [InlineData("")]
    public async Task Basic_authentication_that_cannot_be_read_is_refused(string text)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        await IssuerHost.RefusedAsync(
            _host.PostAsync(
                $"/{TenantId}/oauth2/v2.0/token",
                Fields(),
                headers => headers.Authorization = new AuthenticationHeaderValue("Basic", credentials)
            ),
            400,
            "invalid_request",
            9002313
        );
    }

    [Fact]
    public async Task What_MSAL_adds_to_the_request_changes_nothing()
    {
        var answer = await IssuerHost.JsonAsync(
            _host.TokenAsync([
                .. Fields(),
                ("client_info", "2"),
                ("claims", """{"access_token":{"xms_cc":{"values":["CP1"]}}}"""),
            ])
        );
        Assert.NotNull(answer.String("access_token"));
    }

    [Fact]
    public async Task A_wrong_secret_is_AADSTS7000215_with_everything_that_a_log_is_searched_by()
    {
        var error = await IssuerHost.RefusedAsync(
            _host.TokenAsync(Fields(secret: "wrong")),
            401,
            "invalid_client",
            7000215
        );
        Assert.StartsWith("AADSTS7000215: ", error.String("error_description"));
        Assert.Contains(error.String("trace_id")!, error.String("error_description"));
        Assert.Contains(error.String("correlation_id")!, error.String("error_description"));
        Assert.Equal("2026-08-27 12:00:00Z", error.String("timestamp"));
        Assert.Equal($"{_host.BaseUrl}/error?code=7000215", error.String("error_uri"));
        Assert.DoesNotContain(_host.Log.All, line => line.Contains("wrong"));
    }

    [Theory]
    [InlineData("https://graph.microsoft.com/Presence.Read.All", 1002012, "invalid_scope")]
    [InlineData("Presence.Read.All", 1002012, "invalid_scope")]
    [InlineData("openid", 1002012, "invalid_scope")]
    [InlineData("https://graph.microsoft.com/Presence.Read.All openid", 1002012, "invalid_scope")]
    [InlineData("https://vault.example/.default", 500011, "invalid_resource")]
    [InlineData("https://graph.microsoft.us/.default", 500011, "invalid_resource")]
    [InlineData("api://12345678-0000-0000-0000-000000000000/.default", 500011, "invalid_resource")]
    [InlineData("https://graph.microsoft.com/x/.default", 500011, "invalid_resource")]
    [InlineData("https://user@graph.microsoft.com/.default", 500011, "invalid_resource")]
    [InlineData(
        "https://graph.microsoft.com/.default api://22223333-cccc-4444-dddd-5555eeee6666/.default",
        28000,
        "invalid_scope"
    )]
    [InlineData(" ", 70011, "invalid_scope")]
    public Task Scopes_that_an_application_cannot_have_are_refused(string scope, int number, string error) =>
        IssuerHost.RefusedAsync(AskAsync(scope), 400, error, number);

    [Theory]
    [InlineData("common", 400, "invalid_request", 50059)]
    [InlineData("organizations", 400, "invalid_request", 50059)]
    [InlineData("consumers", 400, "invalid_request", 90002)]
    [InlineData("nowhere.example", 400, "invalid_request", 90002)]
    [InlineData("fabrikam.example", 400, "unauthorized_client", 700016)]
    public Task The_tenant_must_be_the_application_s_own(string tenant, int status, string error, int number) =>
        IssuerHost.RefusedAsync(_host.PostAsync($"/{tenant}/oauth2/v2.0/token", Fields()), status, error, number);

    [Theory]
    [InlineData(null, 400, "invalid_request", 900144)]
    [InlineData("not-a-guid", 400, "unauthorized_client", 700038)]
    [InlineData("12345678-0000-0000-0000-000000000000", 400, "unauthorized_client", 700016)]
    public Task The_client_id_must_be_one_of_the_directory(string? clientId, int status, string error, int number) =>
        IssuerHost.RefusedAsync(
            _host.TokenAsync([
                ("grant_type", "client_credentials"),
                ("client_id", clientId),
                ("client_secret", Secret),
                ("scope", $"{Graph}/.default"),
            ]),
            status,
            error,
            number
        );

    [Fact]
    public Task Without_a_secret_it_is_said_that_one_is_missing() =>
        IssuerHost.RefusedAsync(_host.TokenAsync(Fields(secret: null)), 401, "invalid_client", 7000218);

    [Fact]
    public async Task A_public_client_has_no_credentials_of_its_own()
    {
        await IssuerHost.RefusedAsync(
            _host.TokenAsync([
                ("grant_type", "client_credentials"),
                ("client_id", $"{Public}"),
                ("client_secret", Secret),
                ("scope", $"{Graph}/.default"),
            ]),
            401,
            "invalid_client",
            700025
        );
        await IssuerHost.RefusedAsync(
            _host.TokenAsync([
                ("grant_type", "client_credentials"),
                ("client_id", $"{Public}"),
                ("scope", $"{Graph}/.default"),
            ]),
            401,
            "invalid_client",
            7000218
        );
    }

    private Task<HttpResponseMessage> AskAsync(string scope = $"{Graph}/.default") =>
        _host.TokenAsync(Fields(scope: scope));

    private static (string Name, string? Value)[] Fields(string? secret = Secret, string scope = $"{Graph}/.default") =>
        [("grant_type", "client_credentials"), ("client_id", $"{Daemon}"), ("client_secret", secret), ("scope", scope)];
}
