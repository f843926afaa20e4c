using OpenPresence.Server.Identity;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"openpresence-settings-{Guid.NewGuid():N}.jsonc");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Nothing_given_gives_the_defaults_and_no_fault()
    {
        var read = Read();

        Assert.Empty(read.Faults);
        Assert.Empty(read.Warnings);
        Assert.Equivalent(new ServerOptions(), read.Options, strict: true);
        Assert.True(read.Options.IssuesTokens);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var read = Read(
            """{ "httpPort": 1, "httpsPort": 2, "throttleLimit": 3, "data": "from-file" }""",
            commandLine: new() { ["--http-port"] = ["11"] },
            environment: new()
            {
                ["OPENPRESENCE_HTTP_PORT"] = "12",
                ["OPENPRESENCE_HTTPS_PORT"] = "13",
                ["OPENPRESENCE_DATA"] = "from-environment",
            }
        );

        Assert.Empty(read.Faults);
        Assert.Equal(11, read.Options.HttpPort);
        Assert.Equal(13, read.Options.HttpsPort);
        Assert.Equal(3, read.Options.ThrottleRequestsPer30Seconds);
        Assert.Equal("from-environment", read.Options.DataDirectory);
    }

    [Fact]
    public void The_environment_can_name_the_settings_file()
    {
        File.WriteAllText(_file, """{ "httpPort": 1 }""");

        var read = Read(environment: new() { ["OPENPRESENCE_SETTINGS"] = _file });

        Assert.Equal(1, read.Options.HttpPort);
    }

    [Fact]
    public void Lists_take_commas_and_repetition()
    {
        var read = Read(
            commandLine: new() { ["--trusted-proxies"] = ["10.0.0.0/8, 192.0.2.1", "::1"] },
            environment: new() { ["OPENPRESENCE_CERTIFICATE_NAMES"] = "a.test,b.test" }
        );

        Assert.Empty(read.Faults);
        Assert.Equal(["10.0.0.0/8", "192.0.2.1", "::1"], read.Options.TrustedProxies);
        Assert.Equal(["a.test", "b.test"], read.Options.CertificateNames);
    }

    [Fact]
    public void Null_in_the_file_means_not_given()
    {
        var read = Read("""{ "seed": null, "httpPort": null, "listen": null }""");

        Assert.Empty(read.Faults);
        Assert.Equivalent(new ServerOptions(), read.Options, strict: true);
    }

    [Fact]
    public void In_drop_in_mode_HTTPS_is_on_443_unless_said_otherwise()
    {
        Assert.Equal(443, Read("""{ "dropIn": true }""").Options.HttpsPort);
        Assert.Equal(5443, Read("""{ "dropIn": true, "httpsPort": 5443 }""").Options.HttpsPort);
    }

    [Fact]
    public void Every_fault_of_every_place_is_reported_at_once_with_its_place()
    {
        var read = Read(
            """
            {
              "httpPort": 70000,
              "httpsport": 1,
              "profile": "prod",
              "listen": ["loopback", "nowhere"],
              "dropIn": "yes",
            }
            """,
            commandLine: new() { ["--throttle-limit"] = ["0"], ["--public-url"] = ["presence"] },
            environment: new() { ["OPENPRESENCE_STRICT"] = "maybe" }
        );

        Assert.Equal(
            [
                $"{_file}(2,15): $.httpPort: 70000 is not between -1 and 65,535.",
                $"{_file}(3,3): $.httpsport: Unknown member. Did you mean 'httpsPort'?",
                $"{_file}(4,14): $.profile: The value 'prod' must be one of Development, Production.",
                $"{_file}(6,13): $.dropIn: Must be true or false.",
                "publicUrl (--public-url): the value 'presence' is no absolute address such as https://presence.example.",
                "strict (OPENPRESENCE_STRICT): the value 'maybe' must be true or false.",
                "throttleLimit (--throttle-limit): 0 is not between 1 and 100,000,000.",
                "listen: 'nowhere' is neither loopback nor any nor an IP address.",
            ],
            read.Faults
        );
    }

    [Fact]
    public void Trusted_issuers_are_read_with_all_they_have()
    {
        var read = Read(
            """
            {
              "auth": {
                "clockSkew": "PT30S",
                "trustedIssuers": [
                  {
                    "name": "Keycloak",
                    "authority": "https://keycloak.example/realms/contoso",
                    "audiences": ["https://presence.example"],
                    "tenants": ["aaaabbbb-0000-cccc-1111-dddd2222eeee"],
                    "claims": { "user": "sub", "roles": "/realm_access/roles" },
                    "unknownPerson": "matchByUserPrincipalName",
                    "applicationMustBeKnown": true,
                  },
                ],
              },
            }
            """
        );

        Assert.Empty(read.Faults);
        Assert.Equal(TimeSpan.FromSeconds(30), read.Options.Auth.ClockSkew);
        var issuer = Assert.Single(read.Options.Auth.TrustedIssuers);
        Assert.Equal("Keycloak", issuer.Name);
        Assert.Equal([Guid.Parse("aaaabbbb-0000-cccc-1111-dddd2222eeee")], issuer.Tenants);
        Assert.Equal("/realm_access/roles", issuer.Claims.Roles);
        Assert.Equal("scp", issuer.Claims.Scopes);
        Assert.Equal(UnknownPerson.MatchByUserPrincipalName, issuer.UnknownPerson);
        Assert.True(issuer.ApplicationMustBeKnown);
    }

    [Fact]
    public void Faults_of_trusted_issuers_are_named_with_their_place()
    {
        var read = Read("""{ "auth": { "trustedIssuers": [ { "nam": "x" }, 7, { "tenants": ["x"] } ] } }""");

        Assert.Equal(
            [
                $"{_file}(1,35): $.auth.trustedIssuers[0].nam: Unknown member. Did you mean 'name'?",
                $"{_file}(1,49): $.auth.trustedIssuers[1]: Must be an object, not a number.",
                $"{_file}(1,66): $.auth.trustedIssuers[2].tenants[0]: The value 'x' is no id such as 00000000-0000-0000-0000-000000000000.",
            ],
            read.Faults
        );
    }

    [Fact]
    public void A_settings_file_that_is_missing_or_no_JSON_is_a_fault()
    {
        var missing = Read(commandLine: new() { ["--settings"] = [_file] });
        Assert.StartsWith("settings (--settings): the file", Assert.Single(missing.Faults));

        var broken = Read("{");
        Assert.StartsWith($"{_file}(1,2): $: This is no JSON", Assert.Single(broken.Faults));
    }

    [Fact]
    public void A_variable_that_no_setting_has_is_a_warning_with_a_hint()
    {
        var read = Read(environment: new() { ["OPENPRESENCE_HTTP_PRT"] = "1", ["PATH"] = "x" });

        Assert.Empty(read.Faults);
        Assert.Equal(
            "OPENPRESENCE_HTTP_PRT: no setting has this variable; it does nothing. Did you mean OPENPRESENCE_HTTP_PORT?",
            Assert.Single(read.Warnings)
        );
    }

    private SettingsRead Read(
        string? file = null,
        Dictionary<string, string[]>? commandLine = null,
        Dictionary<string, string>? environment = null
    )
    {
        commandLine ??= [];
        if (file is not null)
        {
            File.WriteAllText(_file, file);
            commandLine["--settings"] = [_file];
        }

        return SettingsReader.Read(commandLine, environment ?? []);
    }
}
