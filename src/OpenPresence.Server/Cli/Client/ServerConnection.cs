using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Terminal;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Cli.Client;

/// <summary>Calls a server in a person's name; what it refuses becomes a sentence with a hint.</summary>
internal sealed class ServerConnection(HttpClient http, Credentials credentials) : IDisposable
{
    private string? token;

    /// <summary>The server.</summary>
    public Uri Url => http.BaseAddress!;

    /// <summary>In whose name it is asked.</summary>
    public Credentials Credentials => credentials;

    /// <summary>Shown while the control API takes long; null: nothing is.</summary>
    public Shell? Shell { get; init; }

    /// <summary>What opens the control API; null: on the same machine nothing need.</summary>
    public string? ControlToken { get; init; }

    /// <summary>The answer to a Graph request.</summary>
    public Task<JsonNode> GetAsync(string path, CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, path, null, cancel);

    /// <summary>Sends a Graph action; the answer may be empty.</summary>
    public Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken cancel) =>
        AskAsync(HttpMethod.Post, path, body, cancel);

    /// <summary>Asks the control API.</summary>
    public async Task<JsonNode> ControlAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        CancellationToken cancel
    )
    {
        using var request = new HttpRequestMessage(method, $"control/{path}") { Content = body };
        request.Headers.Authorization = ControlToken is null ? null : new("Bearer", ControlToken);
        var progress = new StartProgress();
        progress.Begin("waiting for the server", () => 0, 0);
        using var line = Shell is null ? null : new ProgressLine(progress, Shell);
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
        return await ReadAsync(answer, cancel);
    }

    /// <summary>Opens a stream of events; the caller reads and disposes it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? lastEventId, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", await TokenAsync(cancel));
        if (lastEventId is { Length: > 0 })
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        var answer = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            using (answer)
            {
                await ReadAsync(answer, cancel);
            }
        }
        return answer;
    }

    /// <summary>The token that requests carry.</summary>
    public async Task<string> TokenAsync(CancellationToken cancel) =>
        token ??=
            credentials.Token
            ?? (string?)(await AskForTokenAsync(credentials, cancel))["access_token"]
            ?? throw new CommandFailedException("The answer of the issuer has no token in it.");

    /// <summary>The next request asks for a new token; false: there is only the one that was given.</summary>
    public bool ForgetToken()
    {
        token = null;
        return credentials.Token is null;
    }

    /// <summary>Asks the built-in issuer for a token.</summary>
    public async Task<JsonNode> AskForTokenAsync(Credentials who, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"{Uri.EscapeDataString(who.Tenant)}/oauth2/v2.0/token"
        )
        {
            Content = new FormUrlEncodedContent(who.Form()),
        };
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
        return answer.IsSuccessStatusCode
            ? await ReadAsync(answer, cancel)
            : throw await AnswerFailures.OfIssuerAsync(answer, who, cancel);
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private async Task<JsonNode> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, $"v1.0/{path}");
        if (body is not null)
        {
            request.Content = Json(body);
        }
        request.Headers.Authorization = new("Bearer", await TokenAsync(cancel));
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
        return await ReadAsync(answer, cancel);
    }

    /// <summary>A body of JSON.</summary>
    public static StringContent Json(JsonNode body) =>
        new(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        HttpCompletionOption completion,
        CancellationToken cancel
    )
    {
        try
        {
            return await http.SendAsync(request, completion, cancel);
        }
        catch (HttpRequestException unreachable)
        {
            throw AnswerFailures.Of(unreachable, Url);
        }
        catch (TaskCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new CommandFailedException(
                $"{Url} did not answer within {http.Timeout.TotalSeconds:0} seconds: {late.Message}",
                code: ExitCode.Unreachable
            );
        }
    }

    private async Task<JsonNode> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw await AnswerFailures.OfAsync(answer, this, cancel);
        }
        var text = await answer.Content.ReadAsStringAsync(cancel);
        try
        {
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text) ?? new JsonObject();
        }
        catch (JsonException)
        {
            throw new CommandFailedException(
                $"{Url} answered something that is not JSON.",
                "Is it the address of an OpenPresence server?"
            );
        }
    }
}
