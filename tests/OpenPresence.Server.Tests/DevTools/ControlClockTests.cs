using System.Net;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlClockTests
{
    private const string Nobody = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";

    [Fact]
    public async Task What_fades_on_the_way_has_faded_when_the_answer_comes()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Nobody, "Available", "Available", "PT20M");
        Assert.Equal("Available/Available", await server.ShowsAsync(token, Nobody));
        await AdvanceAsync(server, "PT5M");
        Assert.Equal("Available/AvailableInactive", await server.ShowsAsync(token, Nobody));
        await AdvanceAsync(server, "PT5M");
        Assert.Equal("Away/Away", await server.ShowsAsync(token, Nobody));
        var clock = await AdvanceAsync(server, "PT10M");
        Assert.Equal("Offline/Offline", await server.ShowsAsync(token, Nobody));
        Assert.Equal("2026-08-27T12:20:00.0000000Z", (string?)clock["dateTime"]);
        Assert.Equal("2026-08-27T12:00:00.0000000Z", (string?)clock["systemDateTime"]);
    }

    [Fact]
    public async Task A_frozen_clock_stands_while_the_system_s_goes_on()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Nobody, "Available", "Available");
        var frozen = await server.ControlledAsync(HttpMethod.Post, "clock/freeze");
        Assert.True((bool)frozen["isFrozen"]!);
        Assert.Equal("2026-08-27T12:05:00.0000000Z", (string?)frozen["nextDueDateTime"]);
        await server.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal("Available/Available", await server.ShowsAsync(token, Nobody));

        await AdvanceAsync(server, "PT6M");
        Assert.Equal("Available/AvailableInactive", await server.ShowsAsync(token, Nobody));
        var running = await server.ControlledAsync(HttpMethod.Post, "clock/run");
        Assert.False((bool)running["isFrozen"]!);
        Assert.Equal("2026-08-27T12:06:00.0000000Z", (string?)running["dateTime"]);
        await server.AdvanceAsync(TimeSpan.FromMinutes(4));
        Assert.Equal("Away/Away", await server.ShowsAsync(token, Nobody));
    }

    [Fact]
    public async Task It_is_set_to_an_instant_in_any_offset()
    {
        await using var server = await RunningServer.StartAsync();
        var clock = await server.ControlledAsync(
            HttpMethod.Post,
            "clock/set",
            new { dateTime = "2026-12-24T18:00:00+01:00" }
        );
        Assert.Equal("2026-12-24T17:00:00.0000000Z", (string?)clock["dateTime"]);
        Assert.False((bool)clock["isFrozen"]!);
        var frozen = await server.ControlledAsync(
            HttpMethod.Post,
            "clock/freeze",
            new { dateTime = "2027-01-01T00:00:00Z" }
        );
        Assert.Equal("2027-01-01T00:00:00.0000000Z", (string?)frozen["dateTime"]);
    }

    [Theory]
    [InlineData("set", """{"dateTime":"2026-08-27T11:59:59Z"}""", "Time does not go back")]
    [InlineData("set", """{"dateTime":"2028-08-27T12:00:00Z"}""", "At most 366 days ahead")]
    [InlineData("set", """{"dateTime":"soon"}""", "An instant such as")]
    [InlineData("set", "{}", "An instant such as")]
    [InlineData("advance", """{"duration":"-PT1S"}""", "An ISO 8601 duration")]
    [InlineData("advance", """{"duration":"P367D"}""", "An ISO 8601 duration")]
    [InlineData("advance", """{"by":"PT1S"}""", "The parameter 'by' is unknown")]
    [InlineData("run", """{"rate":2}""", "The parameter 'rate' is unknown")]
    public async Task What_the_clock_cannot_do_is_said_and_it_stays(string what, string body, string sentence)
    {
        await using var server = await RunningServer.StartAsync();
        var before = server.Node.State.Clock.Current;
        var said = await server
            .ControlAsync(HttpMethod.Post, $"clock/{what}", JsonNode.Parse(body))
            .RefusedAsync(HttpStatusCode.BadRequest);
        Assert.StartsWith(sentence, said, StringComparison.Ordinal);
        Assert.Equal(before, server.Node.State.Clock.Current);
    }

    [Fact]
    public async Task A_token_lives_by_the_system_s_clock()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        await AdvanceAsync(server, "P300D");
        Assert.NotEmpty(await server.ShowsAsync(token, Nobody));
    }

    private static Task<JsonNode> AdvanceAsync(RunningServer server, string duration) =>
        server.ControlledAsync(HttpMethod.Post, "clock/advance", new { duration });
}
