using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenPresence.Testing;

/// <summary>Calls the control API; what it refuses becomes an exception with its sentence.</summary>
internal sealed class ControlCalls(HttpClient client)
{
    public Task<JsonNode> PostAsync(string path, object body) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body));

    public Task<JsonNode> PutTextAsync(string path, string json) =>
        SendAsync(HttpMethod.Put, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<JsonNode> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, $"control/{path}") { Content = content };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var json = text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        return answer.IsSuccessStatusCode
            ? json
            : throw new InvalidOperationException((string?)json["error"]?["message"] ?? text);
    }
}
