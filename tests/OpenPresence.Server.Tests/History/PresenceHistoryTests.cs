using System.Net;
using System.Text.Json.Nodes;
using OpenPresence.Server.Tests.DevTools;

namespace OpenPresence.Server.Tests.History;

public sealed class PresenceHistoryTests
{
    private const string Nobody = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_shown_is_listed_newest_first_with_its_own_instants()
    {
        await using var server = await StartAsync(entries: 10);
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Nobody, "Available", "Available", "PT1H");
        await server.AdvanceAsync(TimeSpan.FromHours(2));
        var history = await ReadAsync(server, token, expected: 4);
        Assert.Equal(
            ["13:00 Offline time", "12:10 Away time", "12:05 AvailableInactive time", "12:00 Available command"],
            Short(history)
        );
        Assert.Equal("2026-08-27T12:00:00.0000000Z", (string?)history["completeSinceDateTime"]);
    }

    [Fact]
    public async Task Of_more_states_than_are_kept_the_oldest_go_and_the_answer_says_so()
    {
        await using var server = await StartAsync(entries: 2);
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Nobody, "Available", "Available", "PT1H");
        await server.AdvanceAsync(TimeSpan.FromHours(2));
        var history = await ReadAsync(server, token, expected: 2);
        Assert.Equal(["13:00 Offline time", "12:10 Away time"], Short(history));
        Assert.Equal("2026-08-27T12:05:00.0000000Z", (string?)history["completeSinceDateTime"]);
    }

    [Fact]
    public async Task What_is_older_than_may_be_kept_is_gone()
    {
        await using var server = await StartAsync(entries: 10);
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Nobody, "Busy", "InACall", "PT1H");
        await server.AdvanceAsync(TimeSpan.FromHours(1));
        await ReadAsync(server, token, expected: 2);
        await server.AdvanceAsync(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(30));
        Assert.Equal(["13:00 Offline time"], Short(await ReadAsync(server, token, expected: 1)));
        await server.AdvanceAsync(TimeSpan.FromMinutes(31));
        Assert.Empty(Short(await ReadAsync(server, token, expected: 0)));
    }

    [Fact]
    public async Task An_erased_history_is_gone_and_begins_anew()
    {
        await using var server = await StartAsync(entries: 10);
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Nobody, "Busy", "InACall", "PT1H");
        await ReadAsync(server, token, expected: 1);
        await server.AdvanceAsync(TimeSpan.FromMinutes(5));
        using var erased = await server.SendAsync(HttpMethod.Delete, Address(Nobody), token);
        Assert.Equal(HttpStatusCode.NoContent, erased.StatusCode);
        var history = await ReadAsync(server, token, expected: 0);
        Assert.Equal("2026-08-27T12:05:00.0000000Z", (string?)history["completeSinceDateTime"]);
        using var again = await server.SetAsync(token, Nobody, "Available", "Available", "PT1H");
        Assert.Equal(["12:05 Available command"], Short(await ReadAsync(server, token, expected: 1)));
    }

    [Fact]
    public async Task It_is_off_unless_asked_for()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            var said = await server.SendAsync(method, Address(Nobody), token).RefusedAsync(HttpStatusCode.NotFound);
            Assert.Contains("historyEntries", said, StringComparison.Ordinal);
        }
    }

    private static string Address(string person) => $"/v1.0/users/{person}/presence/history";

    private static Task<RunningServer> StartAsync(int entries) =>
        RunningServer.StartAsync(options => options with { HistoryEntries = entries, HistoryDays = 1 });

    /// <summary>Once the history has taken in what was done before.</summary>
    private static Task<JsonNode> ReadAsync(RunningServer server, string token, int expected) =>
        Eventually.SeenAsync(
            async () =>
            {
                using var answer = await server.SendAsync(HttpMethod.Get, Address(Nobody), token);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
            },
            history => history["value"]!.AsArray().Count == expected && server.Graph.History!.IsUpToDate,
            history => history.ToJsonString()
        );

    private static IEnumerable<string> Short(JsonNode history) =>
        history["value"]!
            .AsArray()
            .Select(entry =>
                $"{((string)entry!["sinceDateTime"]!)[11..16]} " + $"{((string)entry["activity"]!)} {entry["reason"]}"
            );
}
