using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class ClientAssertionTests : IAsyncLifetime
{
    private static readonly X509Certificate2 Certificate = TestCertificates.Shared.Client;

    private IssuerHost _host = null!;

    private string Endpoint => $"{_host.BaseUrl}/{TenantId}/oauth2/v2.0/token";

    private long Now => _host.Clock.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync(tls: TestCertificates.Shared);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("PS256", "x5t#S256")]
    [InlineData("RS256", "x5t#S256")]
    [InlineData("RS256", "x5t")]
    [InlineData("RS256", "kid")]
    public async Task A_registered_certificate_proves_the_application(string alg, string thumbprint)
    {
        var answer = await IssuerHost.JsonAsync(AskAsync(Assertion(alg: alg, named: thumbprint)));
        Assert.Equal("2", TokenText.Claims(answer.String("access_token")).String("appidacr"));
    }

    [Fact]
    public async Task Times_may_be_strings_as_MSAL_NET_writes_them()
    {
        var text = Assertion(nbf: $"{Now}", exp: $"{Now + 600}");
        await IssuerHost.JsonAsync(AskAsync(text));
    }

    [Fact]
    public async Task Every_name_of_the_token_endpoint_is_its_audience()
    {
        foreach (
            var audience in (string[])
                [
                    Endpoint,
                    $"{_host.BaseUrl}/contoso.example/oauth2/v2.0/token",
                    $"{_host.BaseUrl}/organizations/oauth2/v2.0/token",
                    $"{_host.BaseUrl}/{TenantId}/v2.0",
                ]
        )
        {
            await IssuerHost.JsonAsync(AskAsync(Assertion(aud: audience)));
        }
    }

    [Fact]
    public async Task An_assertion_may_be_used_again_but_not_for_ever()
    {
        var text = Assertion();
        for (var i = 0; i < IssuerLimits.AssertionUsesMax; i++)
        {
            using var answer = await AskAsync(text);
            Assert.True(answer.IsSuccessStatusCode);
        }

        await RefusedAsync(text, 700027);
        await IssuerHost.JsonAsync(AskAsync(Assertion()));
    }

    [Fact]
    public async Task An_assertion_whose_key_is_not_registered_is_refused()
    {
        using var key = RSA.Create(2048);
        await RefusedAsync(Assertion(key: key), 700027);

        using var stranger = new CertificateRequest(
            "CN=Stranger",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(_host.Clock.GetUtcNow(), _host.Clock.GetUtcNow().AddYears(1));
        await RefusedAsync(Assertion(key: key, certificate: stranger), 700027);
    }

    [Fact]
    public async Task Claims_that_do_not_fit_are_refused_each_with_its_number()
    {
        await RefusedAsync(Assertion(iss: $"{Public}"), 700021);
        await RefusedAsync(Assertion(sub: $"{Public}"), 700021);
        await RefusedAsync(Assertion(aud: "https://login.example/token"), 700023);
        await RefusedAsync(Assertion(aud: $"{_host.BaseUrl}/fabrikam.example/oauth2/v2.0/token"), 700023);
        await RefusedAsync(Assertion(exp: Now - 301), 700024);
        await RefusedAsync(Assertion(nbf: Now + 301), 700024);
        await RefusedAsync(Assertion(exp: Now + 25 * 3600), 700024);
        await IssuerHost.RefusedAsync(AskAsync(Assertion(exp: "soon")), 400, "invalid_request", 50027);
        await RefusedAsync(Assertion(alg: "none"), 700027);
        await IssuerHost.RefusedAsync(AskAsync("a.b.c"), 400, "invalid_request", 50027);
        await IssuerHost.RefusedAsync(AskAsync("no token"), 400, "invalid_request", 50027);
    }

    [Fact]
    public async Task A_clock_that_is_a_little_off_is_forgiven()
    {
        await IssuerHost.JsonAsync(AskAsync(Assertion(nbf: Now + 299)));
        await IssuerHost.JsonAsync(AskAsync(Assertion(exp: Now - 299)));
    }

    [Fact]
    public async Task An_assertion_has_its_type_and_stands_alone()
    {
        await IssuerHost.RefusedAsync(AskAsync(Assertion(), type: "urn:something:else"), 400, "invalid_request", 50172);
        await IssuerHost.RefusedAsync(AskAsync(Assertion(), secret: Secret), 400, "invalid_request", 9002313);
    }

    private Task<JsonElement> RefusedAsync(string assertion, int number) =>
        IssuerHost.RefusedAsync(AskAsync(assertion), 401, "invalid_client", number);

    private Task<HttpResponseMessage> AskAsync(
        string assertion,
        string type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        string? secret = null
    ) =>
        _host.TokenAsync(
            ("grant_type", "client_credentials"),
            ("client_id", $"{Daemon}"),
            ("client_secret", secret),
            ("client_assertion", assertion),
            ("client_assertion_type", type),
            ("scope", "https://graph.microsoft.com/.default")
        );

    private string Assertion(
        string alg = "PS256",
        string named = "x5t#S256",
        string? iss = null,
        string? sub = null,
        string? aud = null,
        object? nbf = null,
        object? exp = null,
        RSA? key = null,
        X509Certificate2? certificate = null,
        string? name = null,
        bool isPadded = false
    )
    {
        certificate ??= Certificate;
        name ??= named switch
        {
            "x5t" => Base64Url.EncodeToString(certificate.GetCertHash()),
            "kid" => certificate.Thumbprint,
            _ => Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256)),
        };
        using var own = certificate.GetRSAPrivateKey()!;
        return TokenText.Sign(
            new Dictionary<string, string>
            {
                ["alg"] = alg,
                ["typ"] = "JWT",
                [named] = name,
            },
            new Dictionary<string, object>
            {
                ["iss"] = iss ?? $"{Daemon}",
                ["sub"] = sub ?? $"{Daemon}",
                ["aud"] = aud ?? Endpoint,
                ["nbf"] = nbf ?? Now,
                ["exp"] = exp ?? Now + 600,
                ["jti"] = $"{Guid.NewGuid()}",
            },
            key ?? own,
            alg == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1,
            isPadded
        );
    }
}
