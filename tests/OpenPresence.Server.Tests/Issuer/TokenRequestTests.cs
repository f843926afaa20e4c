using System.Net.Http.Headers;
using System.Text;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// What is wrong with a token request before any grant looks at it, and what every grant needs.
/// </summary>
public sealed class TokenRequestTests : IAsyncLifetime
{
    private static readonly string Endpoint = $"/{TenantId}/oauth2/v2.0/token";

    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("BREW")]
    public async Task Only_POST_is_taken(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Endpoint);
        using var answer = await _host.Http.SendAsync(request, Cancel);
        Assert.Equal(405, (int)answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    public static TheoryData<string, string, int, string, int> Bodies =>
        new()
        {
            { "application/json", """{"grant_type":"password"}""", 415, "invalid_request", 9002313 },
            { "multipart/form-data; boundary=x", "--x--", 415, "invalid_request", 9002313 },
            { "text/plain", "grant_type=password", 415, "invalid_request", 9002313 },
            { Form, "", 400, "invalid_request", 900144 },
            { Form, "grant_type", 400, "invalid_request", 900144 },
            { Form, "grant_type=", 400, "invalid_request", 900144 },
            { Form, "Grant_Type=password", 400, "invalid_request", 900144 },
            { Form, "grant_type=magic", 400, "unsupported_grant_type", 70003 },
            { Form, "grant_type=PASSWORD", 400, "unsupported_grant_type", 70003 },
            { Form, "grant_type=password&grant_type=password", 400, "invalid_request", 9000411 },
            { Form, "scope=a&grant_type=password&scope=b", 400, "invalid_request", 9000411 },
            { Form, "grant_type=pass%00word", 400, "invalid_request", 9002313 },
            { Form, "grant_type=password&x=\u00ff", 400, "invalid_request", 9002313 },
            { Form, $"{new string('n', 300)}=1", 400, "invalid_request", 9002313 },
            { Form, $"grant_type={new string('g', 3000)}", 400, "invalid_request", 9002313 },
            { Form, $"scope={new string('s', 5000)}", 400, "invalid_request", 9002313 },
            { Form, $"client_secret={new string('s', 300)}", 400, "invalid_request", 9002313 },
            { Form, $"assertion={new string('s', 17_000)}", 400, "invalid_request", 9002313 },
            { Form, string.Join('&', Enumerable.Range(0, 65).Select(i => $"p{i}=1")), 400, "invalid_request", 9002313 },
            { Form, $"x={new string('x', IssuerLimits.BodyBytesMax)}", 413, "invalid_request", 9002313 },
        };

    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [MemberData(nameof(Bodies))]
    public Task A_body_that_is_no_plain_form_is_refused(
        string contentType,
        string body,
        int status,
        string error,
        int number
    )
    {
        // Latin-1, so that a character of the table is one byte, and some bytes no UTF-8.
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        if (contentType.Length > 0)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return IssuerHost.RefusedAsync(_host.Http.PostAsync(Endpoint, content, Cancel), status, error, number);
    }

    public static TheoryData<string, string> Needed =>
        new()
        {
            { "client_credentials", "scope" },
            { "authorization_code", "code" },
            { "authorization_code", "redirect_uri" },
            { "refresh_token", "refresh_token" },
            { "device_code", "device_code" },
            { "urn:ietf:params:oauth:grant-type:device_code", "device_code" },
            { "password", "username" },
            { "password", "password" },
            { "password", "scope" },
            { "urn:ietf:params:oauth:grant-type:jwt-bearer", "requested_token_use" },
            { "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion" },
            { "urn:ietf:params:oauth:grant-type:jwt-bearer", "scope" },
        };

    [Theory]
    [MemberData(nameof(Needed))]
    public async Task A_parameter_that_a_grant_needs_is_named_when_it_is_missing(string grant, string missing)
    {
        (string Name, string? Value)[] all =
        [
            ("grant_type", grant),
            ("client_id", $"{Daemon}"),
            ("client_secret", Secret),
            ("scope", "Presence.Read.All"),
            ("code", "code"),
            ("redirect_uri", Redirect),
            ("refresh_token", "token"),
            ("device_code", "code"),
            ("username", Alice),
            ("password", "demo"),
            ("assertion", "assertion"),
            ("requested_token_use", "on_behalf_of"),
        ];
        var error = await IssuerHost.RefusedAsync(
            _host.TokenAsync([.. all.Where(field => field.Name != missing)]),
            400,
            "invalid_request",
            900144
        );
        Assert.Contains($"'{missing}'", error.String("error_description"));
    }

    [Fact]
    public async Task The_request_s_own_id_comes_back_and_marks_the_error()
    {
        var id = Guid.NewGuid();
        using var answer = await _host.PostAsync(
            Endpoint,
            [("grant_type", "magic")],
            headers => headers.Add("client-request-id", $"{id}")
        );
        Assert.Equal($"{id}", Assert.Single(answer.Headers.GetValues("client-request-id")));
        Assert.Contains($"\"correlation_id\":\"{id}\"", await answer.Content.ReadAsStringAsync(Cancel));

        var error = await IssuerHost.RefusedAsync(
            _host.PostAsync($"{Endpoint}?client-request-id={id}", [("grant_type", "magic")]),
            400,
            "unsupported_grant_type",
            70003
        );
        Assert.Equal($"{id}", error.String("correlation_id"));
    }

    [Fact]
    public async Task No_answer_may_be_kept()
    {
        using var answer = await _host.TokenAsync(("grant_type", "magic"));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(answer.Headers.Contains("x-ms-request-id"));
    }

    [Fact]
    public async Task What_a_client_sent_is_repeated_in_short_and_in_one_line()
    {
        var error = await IssuerHost.RefusedAsync(
            _host.TokenAsync(("grant_type", $"a\r\nb{new string('c', 1000)}")),
            400,
            "unsupported_grant_type",
            70003
        );
        var text = error.String("error_description")!;
        Assert.DoesNotContain('\n', text);
        Assert.True(text.Length < 500);
    }

    [Fact]
    public async Task Paths_that_are_not_the_issuer_s_are_left_to_others()
    {
        foreach (
            var path in (string[])
                [
                    "/",
                    $"/{TenantId}",
                    $"/{TenantId}/oauth2/v2.0",
                    $"{Endpoint}/more",
                    $"/{TenantId}//oauth2/v2.0/token",
                    $"/{new string('t', 1100)}/oauth2/v2.0/token",
                ]
        )
        {
            using var answer = await _host.GetAsync(path);
            Assert.Equal(404, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Nothing_that_is_secret_is_ever_logged()
    {
        const string Wrong = "a-secret-that-nobody-has";
        await _host.TokenAsync(
            ("grant_type", "client_credentials"),
            ("client_id", $"{Daemon}"),
            ("client_secret", Wrong),
            ("scope", "https://graph.microsoft.com/.default")
        );
        await _host.TokenAsync(
            ("grant_type", "password"),
            ("client_id", $"{Public}"),
            ("username", Alice),
            ("password", Wrong),
            ("scope", "Presence.Read")
        );
        var token = await SignInFlow.RefreshTokenAsync(_host);
        await _host.TokenAsync(SignInFlow.Redeem(Wrong));
        await _host.TokenAsync(("grant_type", "refresh_token"), ("client_id", $"{Modest}"), ("refresh_token", token));

        Assert.NotEmpty(_host.Log.All);
        Assert.DoesNotContain(_host.Log.All, line => line.Contains(Wrong));
        Assert.DoesNotContain(_host.Log.All, line => line.Contains(token));
    }
}
