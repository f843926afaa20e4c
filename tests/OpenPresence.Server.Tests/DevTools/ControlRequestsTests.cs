using System.Net;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlRequestsTests
{
    private const string Other = "47eaa099-2cb6-416d-86dc-283cf0480ff9";

    [Fact]
    public async Task A_request_is_noted_with_who_asked_what_for_whom_and_what_became_of_it()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Other, "Busy", "InACall");
        using var unknown = await server.SendAsync(HttpMethod.Get, "/v1.0/nothing", token);
        var noted = await ListAsync(server);
        var first = noted[0]!;
        Assert.Equal(2, noted.Count);
        Assert.Equal("POST", (string?)first["method"]);
        Assert.Equal($"/v1.0/users/{Other}/presence/setPresence", (string?)first["path"]);
        Assert.Equal(200, (int?)first["status"]);
        Assert.Equal("setPresence", (string?)first["operation"]);
        Assert.Equal(RunningServer.DemoApplication, (string?)first["applicationId"]);
        Assert.Equal(Other, (string?)first["userId"]);
        Assert.Null(first["callerId"]);
        Assert.Equal(set.Headers.GetValues("request-id").Single(), (string?)first["requestId"]);
        Assert.Equal("Busy", (string?)JsonNode.Parse((string)first["body"]!)!["availability"]);
        Assert.Equal(400, (int?)noted[1]!["status"]);
        Assert.Null(noted[1]!["operation"]);
    }

    [Fact]
    public async Task Only_newer_ones_are_listed_on_request_and_all_are_forgotten_on_request()
    {
        await using var server = await RunningServer.StartAsync(options => options with { RequestsKept = 3 });
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        for (var request = 1; request <= 5; request++)
        {
            await server.ShowsAsync(token, Other);
        }
        Assert.Equal([3, 4, 5], (await ListAsync(server)).Select(noted => (int)noted!["number"]!));
        Assert.Equal([5], (await ListAsync(server, "?after=4")).Select(noted => (int)noted!["number"]!));
        await server.ControlAsync(HttpMethod.Get, "requests?after=x").RefusedAsync(HttpStatusCode.BadRequest);
        await server.ControlledAsync(HttpMethod.Delete, "requests");
        Assert.Empty(await ListAsync(server));
        await server.ShowsAsync(token, Other);
        Assert.Equal([6], (await ListAsync(server)).Select(noted => (int)noted!["number"]!));
    }

    [Fact]
    public async Task A_request_that_a_fault_met_names_it()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var fault = await server.ControlledAsync(HttpMethod.Post, "faults", new { drop = true, count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => server.ShowsAsync(token, Other));
        await server.ShowsAsync(token, Other);
        // The client of a request that is cut off goes on before the request is noted.
        JsonArray noted;
        do
        {
            noted = await ListAsync(server);
        } while (noted.Count < 2);
        var byStatus = noted.OrderBy(request => (int)request!["status"]!).ToList();
        Assert.Equal([0, 200], byStatus.Select(request => (int)request!["status"]!));
        Assert.Equal((string?)fault["id"], (string?)byStatus[0]!["faultId"]);
    }

    [Fact]
    public async Task No_token_is_kept_wherever_somebody_put_it()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        using var one = await server.SendAsync(
            HttpMethod.Get,
            $"/v1.0/users/{Other}/presence?access_token={token}&$select=id",
            token
        );
        using var all = await server.ControlAsync(HttpMethod.Get, "requests");
        var text = await all.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("?access_token=…", text, StringComparison.Ordinal);
        Assert.Contains("select=id", text, StringComparison.Ordinal);
        Assert.DoesNotContain(token[(token.LastIndexOf('.') + 1)..], text, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> ListAsync(RunningServer server, string query = "") =>
        (await server.ControlledAsync(HttpMethod.Get, "requests" + query))["value"]!.AsArray();
}
