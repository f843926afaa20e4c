using System.Text;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Requests in the forms in which real client libraries were seen to send them.</summary>
public sealed class RealClientRequestTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

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
            "invalid_request",
            50027
        );

    [Fact]
    public async Task Tokens_of_version_one_name_their_key_s_certificate()
    {
        var answer = await IssuerHost.JsonAsync(
            _host.TokenAsync(ClientCredentials(("scope", "https://graph.microsoft.com/.default")))
        );
        var keys = await IssuerHost.JsonAsync(_host.GetAsync("/common/discovery/keys"));
        Assert.Equal(
            Assert.Single(keys.GetProperty("keys").EnumerateArray()).String("x5t"),
            TokenText.Header(answer.String("access_token")).String("x5t")
        );
    }

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
