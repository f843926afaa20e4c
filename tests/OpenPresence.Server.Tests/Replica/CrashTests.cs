using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OpenPresence.Server.Tests.Clients;

namespace OpenPresence.Server.Tests.Replica;

/// <summary>
/// The real process, killed in the middle of writes at full speed. After the restart every acknowledged
/// write is there, and none that is half there. A few rounds always; a hundred with SOAK=1.
/// </summary>
public sealed class CrashTests
{
    private const int Writers = 6;
    private const int RoundsShort = 3;
    private const int RoundsSoak = 100;

    /// <summary>Some milliseconds: several flushes of the journal.</summary>
    private const int SpinsBeforeTheKillMax = 300_000;

    /// <summary>People of the demo tenant; each writer has one of its own.</summary>
    private static readonly string[] People =
    [
        "fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
        "66825e03-7ef5-42da-9069-724602c31f6b",
        "dc74d9bb-6afe-433d-8eaa-e39d80d3a647",
        "47eaa099-2cb6-416d-86dc-283cf0480ff9",
        "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88",
        "142c8364-7806-4577-93e7-83e7eb04b39b",
    ];

    [Fact]
    public async Task Every_acknowledged_write_survives_a_kill_and_none_is_half_there()
    {
        var rounds = Environment.GetEnvironmentVariable("SOAK") is null ? RoundsShort : RoundsSoak;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var server = new ServerProcess { Arguments = ["--throttle-limit", "10000000"] };
        var sent = new long[Writers];
        var acknowledged = new long[Writers];
        for (var round = 0; round < rounds; round++)
        {
            await server.InitializeAsync();
            using var client = await ClientAsync(server);
            for (var writer = 0; writer < Writers; writer++)
            {
                var found = await ReadAsync(client, writer);
                Assert.True(
                    found >= acknowledged[writer] && found <= sent[writer],
                    $"seed {seed}, round {round}: acknowledged {acknowledged[writer]}, "
                        + $"sent {sent[writer]}, found {found}"
                );
            }
            await WriteUntilKilledAsync(
                server,
                client,
                sent,
                acknowledged,
                random.Next(20, 600),
                random.Next(SpinsBeforeTheKillMax)
            );
        }
        Assert.All(acknowledged, count => Assert.True(count > 0));
    }

    private static async Task WriteUntilKilledAsync(
        ServerProcess server,
        HttpClient client,
        long[] sent,
        long[] acknowledged,
        int writesBeforeTheKill,
        int spinsBeforeTheKill
    )
    {
        var left = writesBeforeTheKill;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(WriteAsync));

        async Task WriteAsync(int writer)
        {
            try
            {
                while (true)
                {
                    var number = ++sent[writer];
                    using var answer = await client.PostAsJsonAsync(
                        $"v1.0/users/{People[writer]}/presence/setStatusMessage",
                        Message(number),
                        TestContext.Current.CancellationToken
                    );
                    Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
                    acknowledged[writer] = number;
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        // At any instant of what the other writers have under way.
                        Thread.SpinWait(spinsBeforeTheKill);
                        server.Kill();
                    }
                }
            }
            catch (HttpRequestException)
            {
                // The server is gone; what was under way is neither promised nor excluded.
            }
        }
    }

    private static async Task<long> ReadAsync(HttpClient client, int writer)
    {
        using var presence = JsonDocument.Parse(
            await client.GetStringAsync($"v1.0/users/{People[writer]}/presence", TestContext.Current.CancellationToken)
        );
        var message = presence.RootElement.GetProperty("statusMessage");
        return
            message.ValueKind == JsonValueKind.Object
            && message.GetProperty("message").GetProperty("content").GetString() is { } text
            && text.StartsWith("write ", StringComparison.Ordinal)
            ? long.Parse(text.AsSpan(6), CultureInfo.InvariantCulture)
            : 0;
    }

    private static object Message(long number) =>
        new { statusMessage = new { message = new { content = $"write {number}", contentType = "text" } } };

    private static async Task<HttpClient> ClientAsync(ServerProcess server)
    {
        var client = new HttpClient(server.TrustingHandler()) { BaseAddress = server.Https };
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = ServerProcess.ClientId,
                ["client_secret"] = ServerProcess.Secret,
                ["scope"] = "https://graph.microsoft.com/.default",
            }
        );
        using var answer = await client.PostAsync(
            $"{ServerProcess.TenantId}/oauth2/v2.0/token",
            form,
            TestContext.Current.CancellationToken
        );
        using var token = JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            token.RootElement.GetProperty("access_token").GetString()
        );
        return client;
    }
}
