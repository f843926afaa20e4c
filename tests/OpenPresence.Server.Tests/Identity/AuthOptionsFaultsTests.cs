using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Tests.Identity;

public sealed class AuthOptionsFaultsTests
{
    private static readonly TrustedIssuerOptions Good = new()
    {
        Name = "keycloak",
        Authority = "https://id.example/realms/a",
        Audiences = ["openpresence"],
        FixedTenant = AuthenticatorFixture.TenantId,
    };

    [Fact]
    public void The_defaults_and_a_plain_issuer_have_none()
    {
        Assert.Empty(AuthOptionsFaults.Of(new()));
        Assert.Empty(AuthOptionsFaults.Of(new() { TrustedIssuers = [Good] }));
    }

    public static TheoryData<string, string> Numbers { get; } =
        new()
        {
            { nameof(AuthOptions.ClockSkew), "Auth:ClockSkew: 00:06:00 is not between" },
            { nameof(AuthOptions.TokenBytesMax), "Auth:TokenBytesMax: 10 is not between 1024" },
            { nameof(AuthOptions.TokenCacheEntriesMax), "Auth:TokenCacheEntriesMax: -1" },
            { nameof(AuthOptions.TokenCacheBytesMax), "Auth:TokenCacheBytesMax: -1" },
            { nameof(AuthOptions.RevalidateAfter), "Auth:RevalidateAfter: 1.00:00:00" },
        };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_out_of_range_is_named_with_its_range(string setting, string fault)
    {
        var options = setting switch
        {
            nameof(AuthOptions.ClockSkew) => new() { ClockSkew = TimeSpan.FromMinutes(6) },
            nameof(AuthOptions.TokenBytesMax) => new() { TokenBytesMax = 10 },
            nameof(AuthOptions.TokenCacheEntriesMax) => new() { TokenCacheEntriesMax = -1 },
            nameof(AuthOptions.TokenCacheBytesMax) => new() { TokenCacheBytesMax = -1 },
            _ => new AuthOptions { RevalidateAfter = TimeSpan.FromDays(1) },
        };
        Assert.StartsWith(fault, Assert.Single(AuthOptionsFaults.Of(options)));
    }

    [Theory]
    [InlineData("https://id.example", true)]
    [InlineData("http://localhost:8080/realms/a", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:5000", true)]
    [InlineData("http://id.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("https://user:word@id.example", false)]
    [InlineData("https://id.example/#x", false)]
    [InlineData("https://id.example/?x=1", false)]
    [InlineData("ftp://id.example", false)]
    [InlineData("id.example", false)]
    [InlineData("", false)]
    public void An_authority_is_https_or_on_this_machine(string authority, bool isGood)
    {
        var faults = AuthOptionsFaults.Of(new() { TrustedIssuers = [Good with { Authority = authority }] });
        Assert.Equal(isGood, faults.Count == 0);
    }

    [Fact]
    public void Everything_that_is_wrong_with_an_issuer_is_named_with_its_place()
    {
        var bad = new TrustedIssuerOptions
        {
            Issuers = ["https://*.example"],
            Claims = new() { User = " " },
        };
        Assert.Equal(
            [
                "Auth:TrustedIssuers:1:Name: is missing.",
                "Auth:TrustedIssuers:1:Authority: must be an https address (http only on a loopback host).",
                "Auth:TrustedIssuers:1:Issuers: takes {tenantid}, but no other wildcard.",
                "Auth:TrustedIssuers:1:Audiences: name a value of aud that means this server.",
                "Auth:TrustedIssuers:1:Tenants: name those that it may speak for, or else one FixedTenant.",
                "Auth:TrustedIssuers:1:Claims:User: is empty.",
            ],
            AuthOptionsFaults.Of(new() { TrustedIssuers = [Good, bad] })
        );
    }

    [Fact]
    public void Tenants_and_a_fixed_tenant_exclude_each_other()
    {
        var both = Good with { Tenants = [AuthenticatorFixture.TenantId] };
        var fault = Assert.Single(AuthOptionsFaults.Of(new() { TrustedIssuers = [both] }));
        Assert.Contains("Tenants", fault);
    }

    [Fact]
    public void Two_issuers_share_neither_a_name_nor_a_value_of_iss()
    {
        var faults = AuthOptionsFaults.Of(new() { TrustedIssuers = [Good, Good] });
        Assert.Equal(
            [
                "Auth:TrustedIssuers:1:Name: keycloak is taken.",
                "Auth:TrustedIssuers:1:Issuers: https://id.example/realms/a is trusted twice.",
            ],
            faults
        );
    }
}
