using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Proof keys for code exchange (RFC 7636), in both methods.</summary>
public sealed class ChallengeTests : IAsyncLifetime
{
    private const string Other = "another verifier of fifty characters, none of them";

    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData(null)]
    public async Task A_plain_challenge_is_the_verifier_and_without_a_method_it_is_plain(string? method)
    {
        var code = await CodeAsync(_host, ("code_challenge", Verifier), ("code_challenge_method", method));
        foreach (var wrong in (string?[])[null, Challenge, Other])
        {
            await IssuerHost.RefusedAsync(
                _host.TokenAsync(Redeem(code, ("code_verifier", wrong))),
                400,
                "invalid_grant",
                501481
            );
        }

        await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code)));
    }

    [Fact]
    public async Task A_plain_challenge_does_not_open_with_what_hashes_to_it()
    {
        // Challenge is the hash of Verifier: as a plain challenge it is a verifier of its own.
        var code = await CodeAsync(_host, ("code_challenge_method", "plain"));
        await IssuerHost.RefusedAsync(_host.TokenAsync(Redeem(code)), 400, "invalid_grant", 501481);
        await IssuerHost.JsonAsync(_host.TokenAsync(Redeem(code, ("code_verifier", Challenge))));
    }

    public static TheoryData<string?, string?, string> Faults =>
        new()
        {
            { Challenge, "S512", "AADSTS50149" },
            { Challenge, "s256", "AADSTS50149" },
            { Challenge, "PLAIN", "AADSTS50149" },
            { null, "S256", "AADSTS50147" },
            { null, "plain", "AADSTS50147" },
            { "short", "S256", "AADSTS501491" },
            { new string('a', 44), "S256", "AADSTS501491" },
            { new string('+', 43), "S256", "AADSTS501491" },
            { new string('a', 42), "plain", "AADSTS501491" },
            { new string('a', 129), "plain", "AADSTS501491" },
            { new string('a', 42) + "!", null, "AADSTS501491" },
            { new string('a', 42) + "é", "plain", "AADSTS501491" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_faulty_one_goes_back_with_its_number(string? challenge, string? method, string number)
    {
        var returned = await ReturnedAsync(
            _host.GetAsync(
                Authorize(("login_hint", Alice), ("code_challenge", challenge), ("code_challenge_method", method))
            )
        );
        Assert.Equal("invalid_request", returned["error"]);
        Assert.StartsWith($"{number}: ", returned["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discovery_names_both_methods()
    {
        var document = await IssuerHost.JsonAsync(_host.GetAsync($"/{TenantId}/v2.0/.well-known/openid-configuration"));
        Assert.Equal(
            ["plain", "S256"],
            document.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(name => name.GetString())
        );
    }
}
