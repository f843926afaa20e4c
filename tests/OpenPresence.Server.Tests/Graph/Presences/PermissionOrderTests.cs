using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OpenPresence.Server.Graph.Routing;

namespace OpenPresence.Server.Tests.Graph.Presences;

/// <summary>The body of an action is judged before the permission; nothing is done without the permission.</summary>
public sealed class PermissionOrderTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async ValueTask InitializeAsync() => server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public static TheoryData<string> Actions =>
        [.. GraphRoutes.Table.Where(route => route.JudgesBodyFirst).Select(route => route.Template)];

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task An_action_with_a_right_body_does_nothing_without_its_permission(string template)
    {
        var before = server.Node.State.Position;
        using var answer = await SendAsync(template, Body(template));
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized });
        Assert.Equal(before, server.Node.State.Position);
    }

    [Fact]
    public async Task The_session_of_another_application_is_a_question_of_permission()
    {
        const string Template = "/users/{id}/presence/setPresence";
        var body = Body(Template);
        body["sessionId"] = RunningServer.DemoApplication;
        using var answer = await SendAsync(Template, body);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized });
    }

    [Fact]
    public void Every_action_of_Graph_on_a_presence_judges_its_body_first() => Assert.Equal(9 * 3, Actions.Count);

    private async Task<HttpResponseMessage> SendAsync(string template, JsonObject body) =>
        await server.SendAsync(
            HttpMethod.Post,
            "/v1.0" + template.Replace("{id}", RunningServer.Someone, StringComparison.Ordinal),
            await server.PersonTokenAsync(RunningServer.Someone, "Presence.Read.All"),
            JsonContent.Create(body)
        );

    private static JsonObject Body(string template) =>
        template[(template.LastIndexOf('/') + 1)..] switch
        {
            "setPresence" => new()
            {
                ["sessionId"] = RunningServer.DemoPublicClient,
                ["availability"] = "Away",
                ["activity"] = "Away",
            },
            "clearPresence" => new() { ["sessionId"] = RunningServer.DemoPublicClient },
            "setUserPreferredPresence" => new() { ["availability"] = "Away", ["activity"] = "Away" },
            "setStatusMessage" => new() { ["statusMessage"] = null },
            "setManualLocation" or "setAutomaticLocation" => new() { ["workLocationType"] = "office" },
            _ => [],
        };
}
