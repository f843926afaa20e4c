using System.Net;
using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlTokenIssueTests
{
    private const string Mara = "mara.lindqvist@contoso.example";
    private const string Other = "66825e03-7ef5-42da-9069-724602c31f6b";

    [Fact]
    public async Task The_pages_token_opens_everybodys_presence_and_why_it_is_so()
    {
        await using var server = await RunningServer.StartAsync();
        var issued = await IssueAsync(server, new { });
        var token = (string)issued["access_token"]!;
        Assert.Equal(PageApplication.Id.ToString(), (string?)issued["applicationId"]);
        Assert.Equal("Busy/InAMeeting", await server.ShowsAsync(token, RunningServer.Someone));
        using var why = await server.SendAsync(HttpMethod.Get, $"/v1.0/users/{Other}/presence/explain", token);
        Assert.Equal(HttpStatusCode.OK, why.StatusCode);
    }

    [Fact]
    public async Task A_persons_token_is_that_persons()
    {
        await using var server = await RunningServer.StartAsync();
        var issued = await IssueAsync(server, new { userId = Mara });
        Assert.Equal(RunningServer.Someone, (string?)issued["userId"]);
        var token = (string)issued["access_token"]!;
        using var own = await server.SendAsync(HttpMethod.Get, "/v1.0/me/presence", token);
        using var others = await server.SendAsync(HttpMethod.Get, $"/v1.0/users/{Other}/presence/explain", token);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, others.StatusCode);
    }

    [Fact]
    public async Task An_applications_token_holds_what_the_directory_grants_it()
    {
        await using var server = await RunningServer.StartAsync();
        var issued = await IssueAsync(
            server,
            new { applicationId = RunningServer.DemoPublicClient, tenantId = "contoso.example" }
        );
        using var read = await server.SendAsync(
            HttpMethod.Get,
            $"/v1.0/users/{Other}/presence",
            (string)issued["access_token"]!
        );
        // The demo's public client has delegated scopes alone.
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
    }

    [Fact]
    public async Task The_page_is_neither_noted_nor_met_by_a_fault_that_does_not_name_it()
    {
        await using var server = await RunningServer.StartAsync();
        var page = (string)(await IssueAsync(server, new { }))["access_token"]!;
        var tested = await server.ApplicationTokenAsync("Presence.Read.All");
        await server.ControlledAsync(HttpMethod.Post, "faults", new { status = 503, count = 1 });
        Assert.Equal("DoNotDisturb/Presenting", await server.ShowsAsync(page, Other));
        var address = $"/v1.0/users/{Other}/presence";
        using var met = await server.SendAsync(HttpMethod.Get, address, tested);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, met.StatusCode);
        var noted = (await server.ControlledAsync(HttpMethod.Get, "requests"))["value"]!.AsArray();
        Assert.Equal(RunningServer.DemoApplication, (string?)noted.Single()!["applicationId"]);

        await server.ControlledAsync(
            HttpMethod.Post,
            "faults",
            new { status = 503, applicationId = PageApplication.Id }
        );
        using var named = await server.SendAsync(HttpMethod.Get, address, page);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, named.StatusCode);
    }

    [Theory]
    [InlineData("userId", "nobody@contoso.example")]
    [InlineData("userId", "c0290103-855d-4f55-99ec-8712e8e3574f")] // disabled
    [InlineData("applicationId", "00000000-1111-2222-3333-444444444444")]
    [InlineData("tenantId", "fabrikam.example")]
    public async Task Whoever_is_not_there_or_may_not_gets_none(string member, string value)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.ControlAsync(HttpMethod.Post, "tokens", new JsonObject { [member] = value });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(member, (string?)JsonNode.Parse(text)!["error"]!["target"]);
    }

    [Fact]
    public async Task Without_an_issuer_of_its_own_a_server_hands_out_none()
    {
        await using var server = await RunningServer.StartAsync(options => options with { BuiltInIssuer = false });
        await server.ControlAsync(HttpMethod.Post, "tokens").RefusedAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_tenants_are_listed_with_how_many_people_they_have()
    {
        await using var server = await RunningServer.StartAsync();
        var all = (await server.ControlledAsync(HttpMethod.Get, "tenants"))["value"]!.AsArray();
        Assert.Equal(RunningServer.DemoTenant, (string?)all.Single()!["id"]);
        Assert.Equal(14, (int?)all.Single()!["people"]);
    }

    private static Task<JsonNode> IssueAsync(RunningServer server, object body) =>
        server.ControlledAsync(HttpMethod.Post, "tokens", body);
}
