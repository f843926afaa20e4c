using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>The ways in which real libraries write one and the same client assertion.</summary>
public sealed class ClientAssertionSpellingTests : IAsyncLifetime
{
    private const string Url = "base64url";
    private const string PaddedUrl = "padded base64url";
    private const string Ordinary = "base64";
    private const string OrdinaryUnpadded = "base64 without padding";
    private const string UpperHex = "upper hex";
    private const string LowerHex = "lower hex";

    /// <summary>The hashes of this one hold both characters in which the two alphabets of base64 differ.</summary>
    private static readonly Lazy<X509Certificate2> Certificate = new(MakeCertificate);

    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IssuerHost.StartAsync();
        Register(_host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static TheoryData<string, string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string, string>();
            foreach (var spelling in (string[])[Url, PaddedUrl, Ordinary, OrdinaryUnpadded])
            {
                names.Add("x5t", "SHA1", spelling);
                names.Add("x5t#S256", "SHA256", spelling);
                names.Add("kid", "SHA1", spelling);
                names.Add("kid", "SHA256", spelling);
            }

            foreach (var spelling in (string[])[UpperHex, LowerHex])
            {
                names.Add("kid", "SHA1", spelling);
                names.Add("kid", "SHA256", spelling);
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_certificate_may_be_named_in_every_spelling_of_its_hash(
        string member,
        string algorithm,
        string spelling
    )
    {
        var hash = Certificate.Value.GetCertHash(new HashAlgorithmName(algorithm));
        await IssuerHost.JsonAsync(AskAsync(Assertion(new() { [member] = Spell(hash, spelling) })));
    }

    [Theory]
    [InlineData("x5t#S256", "SHA1", Url)]
    [InlineData("x5t", "SHA256", Url)]
    [InlineData("x5t", "SHA1", UpperHex)]
    [InlineData("x5t#S256", "SHA256", LowerHex)]
    public async Task Another_hash_than_the_member_s_names_no_certificate(
        string member,
        string algorithm,
        string spelling
    )
    {
        var hash = Certificate.Value.GetCertHash(new HashAlgorithmName(algorithm));
        await RefusedAsync(Assertion(new() { [member] = Spell(hash, spelling) }), 401, "invalid_client", 700027);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("====")]
    [InlineData("not base64 at all")]
    [InlineData("AAAA")]
    public async Task What_is_no_hash_names_no_certificate(string name)
    {
        foreach (var member in (string[])["x5t", "x5t#S256", "kid"])
        {
            await RefusedAsync(Assertion(new() { [member] = name }), 401, "invalid_client", 700027);
        }
    }

    [Fact]
    public async Task Without_a_name_no_certificate_is_tried() =>
        await RefusedAsync(Assertion([]), 401, "invalid_client", 700027);

    [Fact]
    public async Task The_parts_of_an_assertion_may_be_padded()
    {
        var hash = Spell(Certificate.Value.GetCertHash(), Ordinary);
        var text = Assertion(new() { ["x5t"] = hash }, PaddedUrl);
        Assert.Contains('=', text);
        await IssuerHost.JsonAsync(AskAsync(text));
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("no token")]
    [InlineData("e30.e30")]
    [InlineData("=.=.=")]
    public async Task What_is_no_JWT_is_called_malformed(string assertion)
    {
        var error = await RefusedAsync(assertion, 400, "invalid_request", 50027);
        Assert.StartsWith("AADSTS50027: JWT token is invalid or malformed", error.String("error_description"));
    }

    [Theory]
    [InlineData("urn:ietf:params:Oauth:client-assertion-type:jwt-bearer")]
    [InlineData("URN:IETF:PARAMS:OAUTH:CLIENT-ASSERTION-TYPE:JWT-BEARER")]
    public async Task Its_type_has_no_letter_case(string type)
    {
        var hash = Spell(Certificate.Value.GetCertHash(), Url);
        await IssuerHost.JsonAsync(AskAsync(Assertion(new() { ["x5t"] = hash }), type));
    }

    [Fact]
    public async Task Another_type_is_told_the_right_one_in_one_word()
    {
        var error = await IssuerHost.RefusedAsync(
            AskAsync(Assertion([]), "urn:something:else"),
            400,
            "invalid_request",
            50172
        );
        Assert.Contains(
            "'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'",
            error.String("error_description"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0")]
    [InlineData("https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/v2.0/token")]
    [InlineData("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token")]
    [InlineData("https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/token")]
    [InlineData("https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/")]
    public async Task The_cloud_s_own_authority_is_its_audience_too(string audience)
    {
        var hash = Spell(Certificate.Value.GetCertHash(), Url);
        await IssuerHost.JsonAsync(AskAsync(Assertion(new() { ["x5t"] = hash }, audience: audience)));
    }

    [Fact]
    public async Task In_production_the_cloud_s_own_authority_is_another_issuer()
    {
        await using var host = await IssuerHost.StartAsync(new IssuerSettings { SignsPeopleIn = false });
        Register(host);
        var names = new Dictionary<string, string> { ["x5t"] = Spell(Certificate.Value.GetCertHash(), Url) };
        var foreign = Assertion(names, audience: $"https://login.microsoftonline.com/{TenantId}/v2.0");
        await IssuerHost.RefusedAsync(AskAsync(host, foreign), 401, "invalid_client", 700023);
        await IssuerHost.JsonAsync(AskAsync(host, Assertion(names, audience: $"{host.BaseUrl}/{TenantId}/v2.0")));
    }

    [Theory]
    [InlineData("https://login.microsoftonline.us/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0")]
    [InlineData("https://login.microsoftonline.com/bbbbcccc-1111-dddd-2222-eeee3333ffff/v2.0")]
    [InlineData("https://login.microsoftonline.com/")]
    [InlineData("https://login.microsoftonline.com.evil.example/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0")]
    [InlineData("http://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0")]
    [InlineData("https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/v2.0/authorize")]
    [InlineData("https://graph.microsoft.com")]
    public async Task Nobody_else_s_is(string audience)
    {
        var hash = Spell(Certificate.Value.GetCertHash(), Url);
        await RefusedAsync(Assertion(new() { ["x5t"] = hash }, audience: audience), 401, "invalid_client", 700023);
    }

    private Task<JsonElement> RefusedAsync(string assertion, int status, string error, int number) =>
        IssuerHost.RefusedAsync(AskAsync(assertion), status, error, number);

    private Task<HttpResponseMessage> AskAsync(
        string assertion,
        string type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    ) => AskAsync(_host, assertion, type);

    private static Task<HttpResponseMessage> AskAsync(
        IssuerHost host,
        string assertion,
        string type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    ) =>
        host.TokenAsync(
            ("grant_type", "client_credentials"),
            ("client_id", $"{Daemon}"),
            ("client_assertion", assertion),
            ("client_assertion_type", type),
            ("scope", "https://graph.microsoft.com/.default")
        );

    private string Assertion(Dictionary<string, string> names, string spelling = Url, string? audience = null)
    {
        var now = _host.Clock.GetUtcNow().ToUnixTimeSeconds();
        var header = new Dictionary<string, string>(names) { ["alg"] = "RS256", ["typ"] = "JWT" };
        var claims = new Dictionary<string, object>
        {
            ["iss"] = $"{Daemon}",
            ["sub"] = $"{Daemon}",
            ["aud"] = audience ?? $"{_host.BaseUrl}/{TenantId}/oauth2/v2.0/token",
            ["nbf"] = now,
            ["exp"] = now + 600,
            ["jti"] = $"{Guid.NewGuid()}",
        };
        var signed =
            Spell(JsonSerializer.SerializeToUtf8Bytes(header), spelling)
            + "."
            + Spell(JsonSerializer.SerializeToUtf8Bytes(claims), spelling);
        using var key = Certificate.Value.GetRSAPrivateKey()!;
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{signed}.{Spell(signature, spelling)}";
    }

    private static string Spell(byte[] bytes, string spelling)
    {
        var text = Convert.ToBase64String(bytes);
        return spelling switch
        {
            Ordinary => text,
            OrdinaryUnpadded => text.TrimEnd('='),
            PaddedUrl => text.Replace('+', '-').Replace('/', '_'),
            Url => text.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            UpperHex => Convert.ToHexString(bytes),
            LowerHex => Convert.ToHexStringLower(bytes),
            _ => throw new ArgumentOutOfRangeException(nameof(spelling)),
        };
    }

    private static void Register(IssuerHost host)
    {
        host.Issuer.Directory.TryGetApplication(Daemon, out var daemon);
        var der = Convert.ToBase64String(Certificate.Value.RawData);
        host.Issuer.Directory.Upsert(daemon! with { Certificates = [der] });
    }

    private static X509Certificate2 MakeCertificate()
    {
        var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Daemon", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var signer = X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);
        for (byte serial = 1; serial < byte.MaxValue; serial++)
        {
            using var made = request.Create(request.SubjectName, signer, from, from.AddYears(40), [serial]);
            if (HasBoth(made.GetCertHash()) && HasBoth(made.GetCertHash(HashAlgorithmName.SHA256)))
            {
                return made.CopyWithPrivateKey(key);
            }
        }

        throw new InvalidOperationException("254 certificates, and none of the kind that every seventh is.");

        static bool HasBoth(byte[] hash)
        {
            var text = Convert.ToBase64String(hash);
            return text.Contains('+', StringComparison.Ordinal) && text.Contains('/', StringComparison.Ordinal);
        }
    }
}
