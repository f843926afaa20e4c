using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Tests.Identity;

public sealed class OidcKeysTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly HttpClient _http = OidcProvider.NewHttpClient();
    private LoopbackProvider _provider = null!;
    private OidcKeys _keys = null!;
    private int _removals;

    public async ValueTask InitializeAsync()
    {
        _provider = await LoopbackProvider.StartAsync();
        _keys = NewKeys(_provider.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_fetched_once_and_kept()
    {
        Assert.NotNull(await FindAsync("first"));
        Assert.NotNull(await FindAsync("first"));
        Assert.Equal((1, 1), (_provider.Discoveries, _provider.KeySets));
    }

    [Fact]
    public async Task A_new_key_is_found_by_its_unknown_kid()
    {
        Assert.NotNull(await FindAsync("first"));
        _provider.KeySet = () => Rsa("first", "second");
        _clock.Advance(OidcKeys.RefreshIntervalMin);
        Assert.NotNull(await FindAsync("second"));
        Assert.NotNull(await FindAsync("first"));
        Assert.Equal(0, _removals);
    }

    [Fact]
    public async Task Made_up_kids_make_no_more_than_one_refresh_an_interval()
    {
        for (var interval = 1; interval <= 3; interval++)
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.Null(await FindAsync($"made-up-{i}"));
            }
            Assert.Equal(interval, _provider.KeySets);
            _clock.Advance(OidcKeys.RefreshIntervalMin);
        }
    }

    [Fact]
    public async Task All_who_wait_share_one_refresh()
    {
        var gate = new TaskCompletionSource();
        _provider.Gate = gate.Task;
        var waiting = Enumerable.Range(0, 20).Select(_ => FindAsync("first")).ToArray();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), Assert.NotNull);
        Assert.Equal(1, _provider.KeySets);
    }

    [Fact]
    public async Task Who_leaves_stops_waiting_and_the_others_get_their_key()
    {
        var gate = new TaskCompletionSource();
        _provider.Gate = gate.Task;
        using var leaver = new CancellationTokenSource();
        var left = _keys.FindAsync("first", leaver.Token).AsTask();
        var stayed = FindAsync("first");
        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult();
        Assert.NotNull(await stayed);
    }

    [Fact]
    public async Task Old_keys_are_kept_through_an_outage_and_no_longer_than_a_day()
    {
        Assert.NotNull(await FindAsync("first"));
        _provider.KeySet = () => throw new InvalidOperationException("down");
        _clock.Advance(OidcKeys.RefreshAfter + TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync("first"));
        await Assert.ThrowsAsync<IssuerUnreachableException>(() => FindAsync("second"));
        Assert.NotNull(await FindAsync("first"));

        _clock.Advance(OidcKeys.KeptThroughOutageMax);
        await Assert.ThrowsAsync<IssuerUnreachableException>(() => FindAsync("first"));

        _provider.KeySet = () => Rsa("first");
        _clock.Advance(OidcKeys.RefreshIntervalMin);
        Assert.NotNull(await FindAsync("first"));
    }

    [Fact]
    public async Task An_outage_at_the_start_is_no_verdict_on_the_token()
    {
        await _provider.DisposeAsync();
        await Assert.ThrowsAsync<IssuerUnreachableException>(() => FindAsync("first"));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_given_up()
    {
        _provider.Gate = new TaskCompletionSource().Task;
        var waiting = FindAsync("first");
        await _clock.TimerMade; // the refresh runs on its own thread
        _clock.Advance(OidcProvider.FetchTimeout);
        await Assert.ThrowsAsync<IssuerUnreachableException>(() => waiting);
    }

    [Fact]
    public async Task Keys_that_are_an_hour_old_are_refreshed_while_they_are_used()
    {
        var gate = new TaskCompletionSource();
        Assert.NotNull(await FindAsync("first"));
        _provider.KeySet = () => Rsa("second");
        _provider.Gate = gate.Task;
        _clock.Advance(OidcKeys.RefreshAfter + TimeSpan.FromSeconds(1));
        var atOnce = _keys.FindAsync("first", CancellationToken.None);
        Assert.True(atOnce.IsCompletedSuccessfully);
        Assert.NotNull(await atOnce);

        var next = FindAsync("second"); // waits for that refresh
        gate.SetResult();
        Assert.NotNull(await next);
        Assert.Equal(1, _removals);
        Assert.Null(await FindAsync("first"));
        Assert.Equal(2, _provider.KeySets);
    }

    [Fact]
    public async Task Another_key_under_a_known_kid_is_a_removal()
    {
        Assert.NotNull(await FindAsync("first"));
        _provider.KeySet = () =>
            LoopbackProvider.KeySetOf(LoopbackProvider.RsaKey("first", TokenWorkshop.StrangersRsa));
        _clock.Advance(OidcKeys.RefreshIntervalMin);
        Assert.Null(await FindAsync("second"));
        Assert.Equal(1, _removals);
    }

    public static TheoryData<string> Faults { get; } =
        new(
            "another issuer",
            "no JSON",
            "a list",
            "no jwks_uri",
            "a jwks_uri over http",
            "too large",
            "redirected",
            "no key set",
            "too many keys",
            "keys without end",
            "half a character"
        );

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_provider_that_answers_wrongly_is_not_believed(string fault)
    {
        Break(fault);
        await Assert.ThrowsAsync<IssuerUnreachableException>(() => FindAsync("first"));
    }

    private void Break(string fault)
    {
        switch (fault)
        {
            case "another issuer":
                _provider.Discovery = () => Discovery("https://evil.example", "/keys");
                break;
            case "no JSON":
                _provider.Discovery = () => "<html>";
                break;
            case "a list":
                _provider.Discovery = () => "[]";
                break;
            case "no jwks_uri":
                _provider.Discovery = () => Discovery(_provider.Address, null);
                break;
            case "a jwks_uri over http":
                _provider.Discovery = () =>
                    new JsonObject
                    {
                        ["issuer"] = _provider.Address,
                        ["jwks_uri"] = "http://keys.example/",
                    }.ToJsonString();
                break;
            case "too large":
                _provider.Discovery = () =>
                    Discovery(_provider.Address, "/keys") + new string(' ', OidcProvider.DocumentBytesMax);
                break;
            case "redirected":
                _provider.RedirectTo = "/keys";
                break;
            case "no key set":
                _provider.KeySet = () => """{"keys":7}""";
                break;
            case "too many keys":
                _provider.KeySet = () => Rsa([.. Enumerable.Range(0, JsonWebKeys.KeysMax + 1).Select(i => $"{i}")]);
                break;
            case "keys without end":
                _provider.KeySet = () => $"{{\"keys\":{new string('[', 5000)}";
                break;
            case "half a character":
                _provider.KeySet = () => """{"keys":[],"\ud800":1}""";
                break;
            default:
                Assert.Fail(fault);
                break;
        }
    }

    private string Discovery(string issuer, string? keys) =>
        new JsonObject
        {
            ["issuer"] = issuer,
            ["jwks_uri"] = keys is null ? null : _provider.Address + keys,
        }.ToJsonString();

    private static string Rsa(params string[] keyIds) =>
        LoopbackProvider.KeySetOf([.. keyIds.Select(id => LoopbackProvider.RsaKey(id, TokenWorkshop.Rsa))]);

    private Task<VerificationKey?> FindAsync(string keyId) =>
        _keys.FindAsync(keyId, TestContext.Current.CancellationToken).AsTask();

    private OidcKeys NewKeys(string authority) =>
        new(
            new(new() { Name = "loopback", Authority = authority }, _http, _clock),
            _clock,
            () => Interlocked.Increment(ref _removals),
            NullLogger.Instance
        );
}
