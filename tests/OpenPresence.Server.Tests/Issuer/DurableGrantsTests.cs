using System.Buffers;
using OpenPresence.Engine;
using OpenPresence.Server.Issuer;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Grants;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;
using static OpenPresence.Server.Tests.Issuer.SignInFlow;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// What was promised to clients outlives the process, and what cannot be made durable is not
/// promised.
/// </summary>
public sealed class DurableGrantsTests
{
    [Fact]
    public async Task Codes_devices_and_refresh_tokens_survive_a_restart()
    {
        var clock = new ManualClock();
        var log = new RecordingGrantLog(clock);
        await using var before = await IssuerHost.StartAsync(clock: clock, grants: log);
        var code = await CodeAsync(before);
        var token = await RefreshTokenAsync(before);
        var device = await IssuerHost.JsonAsync(
            before.PostAsync($"/{TenantId}/oauth2/v2.0/devicecode", [("client_id", $"{Public}"), ("scope", Scope)])
        );
        using var page = await before.PostAsync(
            "/devicelogin",
            [("user_code", device.String("user_code")), ("op_name", Alice)]
        );

        foreach (var restarted in (GrantState[])[log.Replayed(), log.ReadBack()])
        {
            var grants = new RecordingGrantLog(clock, restarted);
            await using var after = await IssuerHost.StartAsync(clock: clock, grants: grants);
            await IssuerHost.JsonAsync(after.TokenAsync(Redeem(code)));
            await IssuerHost.JsonAsync(
                after.TokenAsync(("grant_type", "refresh_token"), ("client_id", $"{Public}"), ("refresh_token", token))
            );
            await IssuerHost.JsonAsync(
                after.TokenAsync(
                    ("grant_type", "device_code"),
                    ("client_id", $"{Public}"),
                    ("device_code", device.String("device_code"))
                )
            );
        }
    }

    [Fact]
    public async Task No_code_and_no_token_stands_in_an_entry()
    {
        var log = new RecordingGrantLog(new ManualClock());
        await using var host = await IssuerHost.StartAsync(grants: log);
        var code = await CodeAsync(host);
        var answer = await IssuerHost.JsonAsync(host.TokenAsync(Redeem(code)));
        Assert.NotEmpty(log.Entries);
        foreach (var secret in (string[])[code, answer.String("refresh_token")!])
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(secret[..20]);
            Assert.All(log.Entries, entry => Assert.Equal(-1, entry.Bytes.AsSpan().IndexOf(bytes)));
        }
    }

    [Fact]
    public async Task While_nothing_can_be_written_nothing_is_promised()
    {
        var log = new RecordingGrantLog(new ManualClock());
        await using var host = await IssuerHost.StartAsync(grants: log);
        var code = await CodeAsync(host);
        log.IsDown = true;
        using var answer = await host.TokenAsync(Redeem(code));
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        await IssuerHost.JsonAsync(
            host.TokenAsync(
                ("grant_type", "client_credentials"),
                ("client_id", $"{Daemon}"),
                ("client_secret", Secret),
                ("scope", "https://graph.microsoft.com/.default")
            )
        );

        log.IsDown = false;
        await IssuerHost.JsonAsync(host.TokenAsync(Redeem(code)));
    }

    /// <summary>Keeps each change as the bytes that the journal would keep.</summary>
    private sealed class RecordingGrantLog(TimeProvider clock, GrantState? state = null) : IGrantLog
    {
        public ValueTask CatchUpAsync(CancellationToken cancel) => default;

        private readonly Lock _writing = new();
        private readonly List<(byte[] Bytes, Instant At)> _entries = [];

        public GrantState State { get; } = state ?? new GrantState();

        public bool IsDown { get; set; }

        public IReadOnlyList<(byte[] Bytes, Instant At)> Entries => _entries;

        public ValueTask<GrantOutcome> CommitAsync(GrantChange change, CancellationToken cancel)
        {
            if (IsDown)
            {
                throw new JournalUnavailableException("The disk is full.");
            }

            lock (_writing)
            {
                var buffer = new ArrayBufferWriter<byte>();
                GrantChangeCodec.Write(buffer, change);
                var at = Instant.From(clock.GetUtcNow());
                _entries.Add((buffer.WrittenSpan.ToArray(), at));
                return ValueTask.FromResult(State.Apply(change, at));
            }
        }

        public GrantState Replayed()
        {
            var replayed = new GrantState();
            foreach (var (bytes, at) in _entries)
            {
                replayed.Apply(GrantChangeCodec.Read(bytes), at);
            }

            return replayed;
        }

        public GrantState ReadBack()
        {
            using var stream = new MemoryStream();
            State.Cut().WriteTo(stream);
            stream.Position = 0;
            return GrantCut.ReadFrom(stream);
        }
    }
}
