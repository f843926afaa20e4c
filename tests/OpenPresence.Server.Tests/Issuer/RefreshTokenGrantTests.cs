using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class RefreshTokenGrantTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_gives_new_tokens_and_a_younger_one_and_stays_valid()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        _host.Clock.Advance(IssuerLimits.RefreshTokenLifetime / 2);
        var answer = await IssuerHost.JsonAsync(RefreshAsync(token));
        var younger = answer.String("refresh_token");
        Assert.NotEqual(token, younger);
        Assert.NotNull(answer.String("id_token"));
        await IssuerHost.JsonAsync(RefreshAsync(token));

        _host.Clock.Advance(IssuerLimits.RefreshTokenLifetime / 2);
        await IssuerHost.RefusedAsync(RefreshAsync(token), 400, "invalid_grant", 700082);
        await IssuerHost.JsonAsync(RefreshAsync(younger));
    }

    [Fact]
    public async Task It_is_as_long_as_Entra_s_and_longer_for_more_scopes_than_have_room()
    {
        Assert.InRange((await SignInFlow.RefreshTokenAsync(_host)).Length, 1_000, 1_600);
        var scope = string.Join(' ', GraphPermissionNames.Delegated.Values.Where(IsBeyondOurs).Take(90));
        var code = await SignInFlow.CodeAsync(_host, ("scope", $"{scope} offline_access"));
        var answer = await IssuerHost.JsonAsync(
            _host.TokenAsync(SignInFlow.Redeem(code, ("scope", $"{scope} offline_access")))
        );
        Assert.True(answer.String("refresh_token")!.Length > 1_600);
        var again = await IssuerHost.JsonAsync(RefreshAsync(answer.String("refresh_token")));
        Assert.Contains(scope.Split(' ')[89], TokenText.Claims(again.String("access_token")).String("scp")!.Split(' '));

        static bool IsBeyondOurs(string name) => !PermissionTable.Built.Permissions.ContainsKey(name);
    }

    [Fact]
    public async Task It_cannot_be_changed_and_a_code_cannot_stand_in_for_it()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        var code = await SignInFlow.CodeAsync(_host);
        foreach (var at in (int[])[0, 20, 40, 200, token.Length / 2, token.Length - 2])
        {
            var changed = token[at] == 'A' ? 'B' : 'A';
            await RefusedAsync($"{token[..at]}{changed}{token[(at + 1)..]}");
        }

        await RefusedAsync(token[..^4]);
        await RefusedAsync(token + "AAAA");
        await RefusedAsync(code);
        await IssuerHost.RefusedAsync(_host.TokenAsync(SignInFlow.Redeem(token)), 400, "invalid_grant", 70000);
        await IssuerHost.JsonAsync(RefreshAsync(token));

        Task RefusedAsync(string text) => IssuerHost.RefusedAsync(RefreshAsync(text), 400, "invalid_grant", 70000);
    }

    [Fact]
    public async Task What_is_revoked_is_the_person_s_the_application_s_or_both_and_nothing_else()
    {
        var token = await SignInFlow.RefreshTokenAsync(_host);
        await _host.RevokeAsync(Guid.NewGuid(), default);
        await _host.RevokeAsync(default, Daemon);
        await _host.RevokeAsync(AliceId, Daemon);
        await IssuerHost.JsonAsync(RefreshAsync(token));

        foreach (
            var (person, client) in ((Guid, Guid)[])[(AliceId, default), (default, Public), (AliceId, Public), default]
        )
        {
            token = await SignInFlow.RefreshTokenAsync(_host);
            await IssuerHost.JsonAsync(RefreshAsync(token));
            await _host.RevokeAsync(person, client);
            await IssuerHost.RefusedAsync(RefreshAsync(token), 400, "invalid_grant", 70000);
        }
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

        host.Clock.Advance(IssuerLimits.RefreshTokenReuseGrace);
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
