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
    public async Task It_gives_new_tokens_and_another_refresh_token()
    {
        var first = await SignInFlow.RefreshTokenAsync(_host);
        var answer = await IssuerHost.JsonAsync(RefreshAsync(first));
        Assert.NotEqual(first, answer.String("refresh_token"));
        Assert.NotNull(answer.String("id_token"));
        await IssuerHost.JsonAsync(RefreshAsync(answer.String("refresh_token")));
    }

    [Fact]
    public async Task It_may_ask_for_other_scopes_that_are_granted()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        var answer = await IssuerHost.JsonAsync(
            RefreshAsync(token, ("scope", "https://graph.microsoft.com/presence.read.all"))
        );
        Assert.Equal("https://graph.microsoft.com/Presence.Read.All", answer.String("scope"));
        Assert.NotNull(answer.String("refresh_token"));

        await IssuerHost.RefusedAsync(
            RefreshAsync(answer.String("refresh_token"), ("scope", "Mail.Read")),
            400,
            "invalid_grant",
            65001
        );
    }

    [Fact]
    public async Task Used_again_after_the_grace_it_ends_the_sign_in()
    {
        var first = await SignInFlow.RefreshTokenAsync(_host);
        var second = await IssuerHost.JsonAsync(RefreshAsync(first));
        await IssuerHost.JsonAsync(RefreshAsync(first));

        _host.Clock.Advance(GrantLimits.RefreshTokenReuseGrace);
        await IssuerHost.RefusedAsync(RefreshAsync(first), 400, "invalid_grant", 50173);
        await IssuerHost.RefusedAsync(RefreshAsync(second.String("refresh_token")), 400, "invalid_grant", 70000);
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

    private Task<HttpResponseMessage> RefreshAsync(string? token, params (string Name, string? Value)[] more)
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

        return _host.TokenAsync([.. fields.Select(f => (f.Key, f.Value))]);
    }
}
