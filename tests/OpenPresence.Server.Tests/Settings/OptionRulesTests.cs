using OpenPresence.Server.Identity;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Settings;

public class OptionRulesTests
{
    private static readonly ServerOptions Production = new()
    {
        Profile = Profile.Production,
        DataDirectory = "/var/lib/openpresence",
        Auth = new AuthOptions
        {
            TrustedIssuers =
            [
                new TrustedIssuerOptions
                {
                    Name = "Example",
                    Authority = "https://issuer.example",
                    Audiences = ["https://presence.example"],
                    FixedTenant = Guid.Parse("aaaabbbb-0000-cccc-1111-dddd2222eeee"),
                },
            ],
        },
    };

    private static readonly ServerOptions Hardened = Production with
    {
        Listen = ["any"],
        HttpPort = -1,
        CertificateFile = "server.pem",
        CertificateKeyFile = "server.key",
        PublicUrl = new Uri("https://presence.example"),
        TrustedProxies = ["10.0.0.0/8"],
    };

    public static TheoryData<string, ServerOptions> Broken =>
        new()
        {
            {
                "data",
                new ServerOptions { DataDirectory = "" }
            },
            { "data", Production with { DataDirectory = "state" } },
            {
                "httpsPort",
                new ServerOptions { HttpPort = -1, HttpsPort = -1 }
            },
            {
                "httpsPort",
                new ServerOptions { HttpPort = 8080, HttpsPort = 8080 }
            },
            {
                "listen",
                new ServerOptions { Listen = [] }
            },
            {
                "listen",
                new ServerOptions { Listen = ["example.com"] }
            },
            {
                "listen",
                new ServerOptions { Listen = ["any"] }
            },
            {
                "listen",
                new ServerOptions { Listen = ["loopback", "192.0.2.7"] }
            },
            { "listen", Hardened with { BuiltInIssuer = true } },
            { "httpPort", Hardened with { HttpPort = 5080 } },
            { "httpPort", Hardened with { HttpPort = 5080, Listen = ["::"] } },
            {
                "publicUrl",
                new ServerOptions { PublicUrl = new Uri("ftp://a.test") }
            },
            {
                "publicUrl",
                new ServerOptions { PublicUrl = new Uri("https://a.test/graph") }
            },
            {
                "publicUrl",
                new ServerOptions { PublicUrl = new Uri("https://a.test/?x") }
            },
            {
                "publicUrl",
                new ServerOptions { PublicUrl = new Uri("https://u:p@a.test") }
            },
            { "publicUrl", Hardened with { PublicUrl = new Uri("http://a.test") } },
            {
                "certificateKeyFile",
                new ServerOptions { CertificateFile = "a.pem" }
            },
            {
                "certificateFile",
                new ServerOptions { CertificateKeyFile = "a.key" }
            },
            { "certificateFile", Hardened with { CertificateFile = null, CertificateKeyFile = null } },
            {
                "certificateFile",
                new ServerOptions
                {
                    DropIn = true,
                    CertificateFile = "a.pem",
                    CertificateKeyFile = "a.key",
                }
            },
            {
                "certificateNames",
                new ServerOptions { CertificateNames = ["not a name"] }
            },
            {
                "trustedProxies",
                new ServerOptions { TrustedProxies = ["proxy"] }
            },
            {
                "trustedProxies",
                new ServerOptions { TrustedProxies = ["0.0.0.0/0"] }
            },
            {
                "trustedProxies",
                new ServerOptions { TrustedProxies = ["::/0"] }
            },
            { "auth", Production with { Auth = new AuthOptions() } },
            {
                "auth",
                new ServerOptions { Auth = new AuthOptions { TokenBytesMax = 1 } }
            },
            { "dropIn", Production with { DropIn = true } },
            { "page", Production with { Page = true } },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void An_impossible_or_unsafe_combination_is_refused(string setting, ServerOptions options)
    {
        var fault = Assert.Single(OptionRules.FaultsOf(options));

        Assert.Equal(setting, fault.Setting);
        Assert.EndsWith(".", fault.Sentence);
    }

    public static TheoryData<ServerOptions> Allowed =>
        [
            new ServerOptions(),
            Production,
            Hardened,
            Hardened with
            {
                HttpPort = 80,
                AllowPlainHttpBeyondLoopback = true,
            },
            Hardened with
            {
                HttpPort = 5080,
                Listen = ["127.0.0.1", "::1"],
            },
            Hardened with
            {
                HttpsPort = -1,
                HttpPort = 80,
                AllowPlainHttpBeyondLoopback = true,
                CertificateFile = null,
                CertificateKeyFile = null,
            },
            new ServerOptions { Listen = ["any"], AllowIssuerBeyondLoopback = true },
            new ServerOptions { Listen = ["any"], BuiltInIssuer = false },
            new ServerOptions { DropIn = true, HttpsPort = 443 },
            new ServerOptions { CertificateNames = ["*.test", "a.test", "192.0.2.1", "::1"] },
            new ServerOptions { HttpPort = 0, HttpsPort = 0 },
        ];

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_safe_combination_is_not_refused(ServerOptions options)
    {
        Assert.Empty(OptionRules.FaultsOf(options));
    }

    [Fact]
    public void All_broken_rules_are_reported_together()
    {
        var options = new ServerOptions
        {
            Profile = Profile.Production,
            Listen = ["any"],
            DropIn = true,
            BuiltInIssuer = true,
        };

        Assert.Equal(
            ["data", "httpPort", "listen", "certificateFile", "dropIn"],
            OptionRules.FaultsOf(options).Select(f => f.Setting)
        );
    }

    public static TheoryData<string, ServerOptions> Dangerous =>
        new()
        {
            {
                "dropIn",
                new ServerOptions { DropIn = true }
            },
            { "builtInIssuer", Production with { BuiltInIssuer = true } },
            {
                "allowIssuerBeyondLoopback",
                new ServerOptions { Listen = ["any"], AllowIssuerBeyondLoopback = true }
            },
        };

    [Theory]
    [MemberData(nameof(Dangerous))]
    public void What_is_allowed_and_dangerous_is_said(string setting, ServerOptions options)
    {
        Assert.StartsWith($"{setting}: ", Assert.Single(OptionRules.WarningsOf(options)));
    }
}
