using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlActorsTests
{
    private const string Nobody = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";

    private const string Scenario = """
        {
          "actors": [
            {
              "user": "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88",
              "steps": [
                // She comes, the phone rings, there is a meeting, she goes.
                { "device": "desk", "shows": "Available/Available" },
                { "after": "PT10M", "device": "phone", "shows": "Busy/InACall", "for": "PT20M" },
                { "after": "PT1H", "calendar": "meeting", "for": "PT30M" },
                { "after": "PT2H", "says": "Lunch", "for": "PT1H" },
                { "after": "PT2H", "device": "desk", "shows": "Away/Away" },
                { "after": "PT8H", "device": "desk", "signsOff": true },
              ],
            },
          ],
        }
        """;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_passes_as_it_is_written_however_the_clock_is_moved()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        var begun = await PutAsync(server, Scenario);
        Assert.Equal((6, 2), ((int)begun["steps"]!, (int)begun["done"]!));
        var shown = new List<string>();
        foreach (var minutes in new[] { 0, 10, 19, 1, 30, 29, 1, 30, 360 })
        {
            await AdvanceAsync(server, minutes);
            shown.Add(await server.ShowsAsync(token, Nobody));
        }
        Assert.Equal(
            [
                "Available/Available", // 0:00
                "Busy/InACall", // 0:10
                "Busy/InACall", // 0:29
                "Available/Available", // 0:30
                "Busy/InAMeeting", // 1:00
                "Busy/InAMeeting", // 1:29
                "Available/Available", // 1:30
                "Away/Away", // 2:00
                "Offline/Offline", // 8:00
            ],
            shown
        );
    }

    [Fact]
    public async Task What_is_passed_over_in_one_move_happens_at_its_own_instants()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        await PutAsync(server, Scenario);
        await AdvanceAsync(server, 25);
        using var answer = await server.SendAsync(HttpMethod.Get, $"/v1.0/users/{Nobody}/presence/explain", token);
        var why = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal("2026-08-27T12:10:00.0000000Z", (string?)why["sinceDateTime"]);
        Assert.Equal("2026-08-27T12:30:00.0000000Z", (string?)why["next"]!["dateTime"]);
    }

    [Fact]
    public async Task While_the_clock_runs_steps_come_by_themselves()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        await PutAsync(server, Scenario);
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        while (await server.ShowsAsync(token, Nobody) != "Busy/InACall")
        {
            server.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        var status = await server.ControlledAsync(HttpMethod.Get, "actors");
        Assert.Equal(3, (int)status["done"]!);
        await server.ControlledAsync(HttpMethod.Delete, "actors");
        await AdvanceAsync(server, 120);
        Assert.Equal("Available/Available", await server.ShowsAsync(token, Nobody));
    }

    [Theory]
    [InlineData("{}", "'actors' is missing")]
    [InlineData("""{"actors":[{"user":"nobody@contoso.example"}]}""", "There is nobody")]
    [InlineData("""{"actors":[{"user":"00a154d8-5ed8-4bcc-b5c7-19c2add9ca88","steps":[{}]}]}""", "A step is one of")]
    [InlineData(
        """{"actors":[{"user":"00a154d8-5ed8-4bcc-b5c7-19c2add9ca88","steps":[{"says":"x","for":"PT1S"}]}]}""",
        "at least 10 s"
    )]
    [InlineData(
        """{"actors":[{"user":"00a154d8-5ed8-4bcc-b5c7-19c2add9ca88","steps":[{"prefers":"Busy/InACall"}]}]}""",
        "Must be one of"
    )]
    public async Task A_scenario_with_a_fault_is_not_begun(string scenario, string sentence)
    {
        await using var server = await RunningServer.StartAsync();
        var said = await SendAsync(server, scenario).RefusedAsync(HttpStatusCode.BadRequest);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await server.ControlledAsync(HttpMethod.Get, "actors"))["steps"]!);
    }

    private static Task<JsonNode> AdvanceAsync(RunningServer server, int minutes) =>
        server.ControlledAsync(HttpMethod.Post, "clock/advance", new { duration = $"PT{minutes}M" });

    private static Task<HttpResponseMessage> SendAsync(RunningServer server, string scenario) =>
        server.Client.PutAsync(
            "/control/actors",
            new StringContent(scenario, Encoding.UTF8, "application/json"),
            Cancel
        );

    private static async Task<JsonNode> PutAsync(RunningServer server, string scenario)
    {
        using var answer = await SendAsync(server, scenario);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
