using OpenPresence.Server.Issuer;
using OpenPresence.Server.State.Grants;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class RefreshTokenGrantTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_gives_new_tokens_and_stays_valid()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        var answer = await IssuerHost.JsonAsync(RefreshAsync(token));
        Assert.Equal(token, answer.String("refresh_token"));
        Assert.NotNull(answer.String("id_token"));
        _host.Clock.Advance(GrantLimits.RefreshTokenReuseGrace);
        await IssuerHost.JsonAsync(RefreshAsync(token));
    }

    [Fact]
    public async Task It_is_as_long_as_Entra_s() =>
        Assert.InRange((await SignInFlow.RefreshTokenAsync(_host)).Length, 1_000, 1_600);

    [Fact]
    public async Task In_the_second_half_of_its_life_a_younger_one_is_handed_out_beside_it()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        _host.Clock.Advance(IssuerLimits.RefreshTokenLifetime / 2 + TimeSpan.FromSeconds(1));
        var younger = (await IssuerHost.JsonAsync(RefreshAsync(token))).String("refresh_token");
        Assert.NotEqual(token, younger);
        await IssuerHost.JsonAsync(RefreshAsync(token));
        _host.Clock.Advance(IssuerLimits.RefreshTokenLifetime / 2);
        await IssuerHost.RefusedAsync(RefreshAsync(token), 400, "invalid_grant", 700082);
        await IssuerHost.JsonAsync(RefreshAsync(younger));
    }

    [Fact]
    public async Task It_may_ask_for_other_scopes_that_are_granted()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        var answer = await IssuerHost.JsonAsync(
            RefreshAsync(token, ("scope", "https://graph.microsoft.com/presence.read.all"))
        );
        Assert.Equal(
            "https://graph.microsoft.com/Presence.Read https://graph.microsoft.com/Presence.Read.All "
                + "https://graph.microsoft.com/User.Read",
            answer.String("scope")
        );
        Assert.NotNull(answer.String("refresh_token"));

        await IssuerHost.RefusedAsync(
            RefreshAsync(answer.String("refresh_token"), ("scope", "Mail.Read")),
            400,
            "invalid_grant",
            65001
        );
    }

    [Fact]
    public async Task With_rotation_one_that_is_used_again_after_the_grace_ends_the_sign_in()
    {
        await using var host = await IssuerHost.StartAsync(new IssuerSettings { RotatesRefreshTokens = true });
        var first = await SignInFlow.RefreshTokenAsync(host);
        var second = await IssuerHost.JsonAsync(RefreshAsync(host, first));
        Assert.NotEqual(first, second.String("refresh_token"));
        await IssuerHost.JsonAsync(RefreshAsync(host, first));

        host.Clock.Advance(GrantLimits.RefreshTokenReuseGrace);
        await IssuerHost.RefusedAsync(RefreshAsync(host, first), 400, "invalid_grant", 50173);
        await IssuerHost.RefusedAsync(RefreshAsync(host, second.String("refresh_token")), 400, "invalid_grant", 70000);
    }

    [Fact]
    public async Task Unused_for_ninety_days_it_has_expired()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        _host.Clock.Advance(IssuerLimits.RefreshTokenLifetime);
        await IssuerHost.RefusedAsync(RefreshAsync(token), 400, "invalid_grant", 700082);
    }

    [Fact]
    public async Task Another_application_cannot_use_it()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        await IssuerHost.RefusedAsync(RefreshAsync(token, ("client_id", $"{Modest}")), 400, "invalid_grant", 700009);
    }

    [Fact]
    public async Task A_made_up_one_is_unknown() =>
        await IssuerHost.RefusedAsync(RefreshAsync("made up"), 400, "invalid_grant", 70000);

    [Fact]
    public async Task A_disabled_person_s_is_worth_nothing()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        _host.Issuer.Directory.TryGetPerson(AliceId, out var alice);
        _host.Issuer.Directory.Upsert(alice! with { AccountEnabled = false });
        await IssuerHost.RefusedAsync(RefreshAsync(token), 400, "invalid_grant", 50057);
    }

    private Task<HttpResponseMessage> RefreshAsync(string? token, params (string Name, string? Value)[] more) =>
        RefreshAsync(_host, token, more);

    private static Task<HttpResponseMessage> RefreshAsync(
        IssuerHost host,
        string? token,
        params (string Name, string? Value)[] more
    )
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = Public.ToString(),
            ["refresh_token"] = token,
        };
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return host.TokenAsync([.. fields.Select(f => (f.Key, f.Value))]);
    }
}
