using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.DevTools;

/// <summary>Calls the control API of a server under test, in short.</summary>
internal static class ControlClient
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> ControlAsync(
        this RunningServer server,
        HttpMethod method,
        string path,
        object? body = null
    )
    {
        var request = new HttpRequestMessage(method, $"/control/{path}")
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        return server.Client.SendAsync(request, Cancel);
    }

    /// <summary>The same, for what must succeed; the answer's JSON.</summary>
    public static async Task<JsonNode> ControlledAsync(
        this RunningServer server,
        HttpMethod method,
        string path,
        object? body = null
    )
    {
        using var answer = await server.ControlAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    /// <summary>The sentence of an answer that must have that status.</summary>
    public static async Task<string> RefusedAsync(this Task<HttpResponseMessage> sent, HttpStatusCode status)
    {
        using var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        return (string)JsonNode.Parse(text)!["error"]!["message"]!;
    }

    /// <summary>What a person shows, as <c>Busy/InACall</c>.</summary>
    public static async Task<string> ShowsAsync(this RunningServer server, string token, string person)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, $"/v1.0/users/{person}/presence", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel);
        return $"{json!["availability"]}/{json["activity"]}";
    }

    /// <summary>The demo application sets a person's presence.</summary>
    public static Task<HttpResponseMessage> SetAsync(
        this RunningServer server,
        string token,
        string person,
        string availability,
        string activity,
        string duration = "PT1H"
    ) =>
        server.SendAsync(
            HttpMethod.Post,
            $"/v1.0/users/{person}/presence/setPresence",
            token,
            JsonContent.Create(
                new
                {
                    sessionId = RunningServer.DemoApplication,
                    availability,
                    activity,
                    expirationDuration = duration,
                }
            )
        );
}
