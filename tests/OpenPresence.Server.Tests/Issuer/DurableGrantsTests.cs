using OpenPresence.Server.Tests.Journal;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// Codes and refresh tokens say themselves what they stand for: they outlive the process, and only what is revoked is written
/// down.
/// </summary>
public sealed class DurableGrantsTests
{
    private readonly ManualClock _clock = new();
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task Codes_and_refresh_tokens_survive_a_restart()
    {
        string code;
        string token;
        await using (var before = await StartAsync())
        {
            code = await CodeAsync(before);
            token = await RefreshTokenAsync(before);
        }

        await using var after = await StartAsync();
        await IssuerHost.JsonAsync(after.TokenAsync(Redeem(code)));
        await IssuerHost.JsonAsync(RefreshAsync(after, token));
    }

    [Fact]
    public async Task What_is_revoked_stays_so_over_a_restart_and_a_new_sign_in_is_good()
    {
        string code;
        string token;
        await using (var before = await StartAsync())
        {
            code = await CodeAsync(before);
            token = await RefreshTokenAsync(before);
            await before.RevokeAsync(AliceId, default);
        }

        await using var after = await StartAsync();
        await IssuerHost.RefusedAsync(after.TokenAsync(Redeem(code)), 400, "invalid_grant", 70000);
        await IssuerHost.RefusedAsync(RefreshAsync(after, token), 400, "invalid_grant", 70000);
        await IssuerHost.JsonAsync(RefreshAsync(after, await RefreshTokenAsync(after)));
    }

    [Fact]
    public async Task A_sign_in_is_no_entry_of_the_journal()
    {
        await using var host = await StartAsync();
        await RefreshTokenAsync(host);
        Assert.Equal(0, host.Issuer.Node.State.Position);
    }

    [Fact]
    public async Task While_nothing_can_be_written_people_sign_in_and_a_stolen_code_gets_nothing()
    {
        await using var host = await StartAsync();
        var code = await CodeAsync(host);
        _disk.Fault = (operation, _) =>
        {
            if (operation is not DiskOperation.Read)
            {
                throw new IOException("The disk is full.");
            }
        };
        var first = await IssuerHost.JsonAsync(host.TokenAsync(Redeem(code)));
        using var second = await host.TokenAsync(Redeem(code));
        Assert.Equal(503, (int)second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), second.Headers.RetryAfter!.Delta);

        _disk.Fault = null;
        await Eventually.IsSoAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return host.Issuer.Node.Fault is null;
        });
        await IssuerHost.RefusedAsync(host.TokenAsync(Redeem(code)), 400, "invalid_grant", 54005);
        await IssuerHost.RefusedAsync(RefreshAsync(host, first.String("refresh_token")), 400, "invalid_grant", 70000);
    }

    [Fact]
    public async Task A_token_of_a_journal_that_is_no_more_is_unknown()
    {
        string token;
        await using (var before = await StartAsync())
        {
            await before.RevokeAsync(AliceId, default);
            token = await RefreshTokenAsync(before);
        }

        await using var after = await IssuerHost.StartAsync(clock: _clock);
        await IssuerHost.RefusedAsync(RefreshAsync(after, token), 400, "invalid_grant", 70000);
    }

    private Task<IssuerHost> StartAsync() => IssuerHost.StartAsync(clock: _clock, disk: _disk);

    private static Task<HttpResponseMessage> RefreshAsync(IssuerHost host, string? token) =>
        host.TokenAsync(("grant_type", "refresh_token"), ("client_id", $"{Public}"), ("refresh_token", token));
}
