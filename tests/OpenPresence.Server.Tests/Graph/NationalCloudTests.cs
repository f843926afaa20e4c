using System.Net;
using System.Text.Json;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.Graph;

/// <summary>What each cloud offers and which members it shows: graph-presence.md 1.3, national-cloud-schema.json.</summary>
public sealed class NationalCloudTests
{
    private const string UsMembers = "id,availability,activity,statusMessage";
    private const string AllMembers = UsMembers + ",outOfOfficeSettings,sequenceNumber,workLocation";

    [Theory]
    [InlineData(Cloud.Global, AllMembers)]
    [InlineData(Cloud.UsL4, UsMembers)]
    [InlineData(Cloud.UsL5, UsMembers)]
    public async Task A_presence_has_the_members_of_its_clouds_schema(Cloud cloud, string members)
    {
        await using var server = await StartAsync(cloud);
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var answer = await server.SendAsync(HttpMethod.Get, $"/v1.0/users/{RunningServer.Someone}/presence", token);
        using var json = JsonDocument.Parse(
            await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)
        );
        var names = json.RootElement.EnumerateObject().Skip(1).Select(member => member.Name);
        Assert.Equal(members, string.Join(',', names));
    }

    [Fact]
    public async Task China_does_not_know_presence()
    {
        await using var server = await StartAsync(Cloud.China);
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var answer = await server.SendAsync(HttpMethod.Get, $"/v1.0/users/{RunningServer.Someone}/presence", token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "Resource not found for the segment 'presence'",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData(Cloud.UsL4)]
    [InlineData(Cloud.UsL5)]
    public async Task Location_actions_are_of_the_global_cloud_only(Cloud cloud)
    {
        await using var server = await StartAsync(cloud);
        var token = await server.PersonTokenAsync(RunningServer.Someone, "Presence.ReadWrite");
        var answer = await server.SendAsync(HttpMethod.Post, "/v1.0/me/presence/clearLocation", token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_host_that_a_request_names_selects_the_cloud()
    {
        await using var server = await StartAsync(Cloud.Global);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/me/presence");
        request.Headers.Host = "microsoftgraph.chinacloudapi.cn";
        var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static Task<RunningServer> StartAsync(Cloud cloud) =>
        RunningServer.StartAsync(options => options with { Cloud = cloud });
}
