using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPresence.Server.DevTools;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlFaultsTests
{
    private const string Other = "47eaa099-2cb6-416d-86dc-283cf0480ff9";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_status_comes_in_Graphs_envelope_as_often_as_was_asked()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        await SetFaultAsync(
            server,
            new
            {
                operation = "getUserPresence",
                status = 503,
                retryAfterSeconds = 2,
                skip = 1,
                count = 2,
            }
        );
        Assert.Equal([200, 503, 503, 200], await ReadAsync(server, token, 4));
        // Another operation was never met.
        using var set = await server.SetAsync(token, Other, "Busy", "InACall");
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        var fault = Assert.Single((await server.ControlledAsync(HttpMethod.Get, "faults"))["value"]!.AsArray());
        Assert.Equal((4, 2), ((int)fault!["matched"]!, (int)fault["met"]!));
    }

    [Fact]
    public async Task Throttling_is_Graphs_own_answer_with_its_wait()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        await SetFaultAsync(
            server,
            new
            {
                status = 429,
                retryAfterSeconds = 7,
                count = 1,
            }
        );
        using var answer = await GetAsync(server, token);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["error"]!;
        Assert.Equal("TooManyRequests", (string?)error["code"]);
        Assert.Equal("429", (string?)error["innerError"]!["status"]);
    }

    [Fact]
    public async Task A_dropped_connection_carries_nothing_out_unless_it_breaks_afterwards()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        await SetFaultAsync(
            server,
            new
            {
                operation = "setPresence",
                drop = true,
                count = 1,
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => server.SetAsync(token, Other, "Busy", "InACall"));
        Assert.Equal("Available/Available", await server.ShowsAsync(token, Other));
        await SetFaultAsync(
            server,
            new
            {
                operation = "setPresence",
                drop = true,
                afterwards = true,
                count = 1,
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => server.SetAsync(token, Other, "Busy", "InACall"));
        Assert.Equal("Busy/InACall", await server.ShowsAsync(token, Other));
    }

    [Fact]
    public async Task A_malformed_answer_is_200_and_no_JSON()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        await SetFaultAsync(server, new { method = "GET", malformed = true });
        using var answer = await GetAsync(server, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
    }

    [Fact]
    public async Task A_delayed_request_waits_and_is_then_answered_as_usual()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        await SetFaultAsync(server, new { delay = "PT4S" });
        var timers = server.Clock.ArmedTimers;
        var waiting = GetAsync(server, token);
        await Eventually.IsSoAsync(() => server.Clock.ArmedTimers != timers);
        Assert.False(waiting.IsCompleted);
        server.Clock.Advance(TimeSpan.FromSeconds(4));
        using var answer = await waiting.WaitAsync(Eventually.Limit, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task It_meets_one_application_or_one_person()
    {
        await using var server = await RunningServer.StartAsync();
        var application = await server.ApplicationTokenAsync("Presence.Read.All");
        var person = await server.PersonTokenAsync(Other, "Presence.Read.All");
        await SetFaultAsync(server, new { applicationId = RunningServer.DemoApplication, status = 500 });
        Assert.Equal([500], await ReadAsync(server, application, 1));
        Assert.Equal([200], await ReadAsync(server, person, 1));
        await server.ControlledAsync(HttpMethod.Delete, "faults");
        await SetFaultAsync(server, new { userId = Other, status = 500 });
        Assert.Equal([200], await ReadAsync(server, application, 1));
        Assert.Equal([500], await ReadAsync(server, person, 1));
    }

    [Fact]
    public async Task Equal_seeds_give_equal_runs()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var runs = new List<IReadOnlyList<int>>();
        foreach (var seed in new[] { 7, 7, 8 })
        {
            var id = await SetFaultAsync(
                server,
                new
                {
                    status = 500,
                    probability = 0.5,
                    seed,
                }
            );
            runs.Add(await ReadAsync(server, token, 40));
            await server.ControlledAsync(HttpMethod.Delete, $"faults/{id}");
        }
        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.Contains(200, runs[0]);
        Assert.Contains(500, runs[0]);
        Assert.Equal([200], await ReadAsync(server, token, 1));
    }

    [Theory]
    [InlineData("{}", "status")]
    [InlineData("""{"status":200}""", "status")]
    [InlineData("""{"status":500,"drop":true}""", "status")]
    [InlineData("""{"status":500,"operation":"setPresense"}""", "operation")]
    [InlineData("""{"status":500,"operation":"5"}""", "operation")]
    [InlineData("""{"status":500,"probability":0}""", "probability")]
    [InlineData("""{"status":500,"count":0}""", "count")]
    [InlineData("""{"status":500,"userId":"adele"}""", "userId")]
    [InlineData("""{"delay":"PT1H"}""", "delay")]
    [InlineData("""{"malformed":"yes"}""", "malformed")]
    public async Task A_fault_that_makes_no_sense_is_refused_by_member(string body, string member)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.ControlAsync(HttpMethod.Post, "faults", JsonNode.Parse(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["error"]!;
        Assert.Equal(member, (string?)error["target"]);
        Assert.False(server.Tools.Faults.IsAny);
    }

    [Fact]
    public async Task There_is_an_end_to_how_many_are_set_and_an_unknown_one_is_not_there()
    {
        await using var server = await RunningServer.StartAsync();
        for (var fault = 0; fault < FaultTable.FaultsMax; fault++)
        {
            await SetFaultAsync(server, new { status = 500 });
        }
        await server
            .ControlAsync(HttpMethod.Post, "faults", new { status = 500 })
            .RefusedAsync(HttpStatusCode.Forbidden);
        await server.ControlAsync(HttpMethod.Delete, "faults/none").RefusedAsync(HttpStatusCode.NotFound);
    }

    private static async Task<string> SetFaultAsync(RunningServer server, object fault) =>
        (string)(await server.ControlledAsync(HttpMethod.Post, "faults", fault))["id"]!;

    private static Task<HttpResponseMessage> GetAsync(RunningServer server, string token) =>
        server.SendAsync(HttpMethod.Get, $"/v1.0/users/{RunningServer.Someone}/presence", token);

    private static async Task<IReadOnlyList<int>> ReadAsync(RunningServer server, string token, int times)
    {
        var statuses = new int[times];
        for (var time = 0; time < times; time++)
        {
            using var answer = await GetAsync(server, token);
            statuses[time] = (int)answer.StatusCode;
        }
        return statuses;
    }
}
