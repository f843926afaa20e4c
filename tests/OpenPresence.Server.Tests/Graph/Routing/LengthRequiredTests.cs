using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.Graph.Routing;

/// <summary>Requests as curl writes them by hand; HttpClient always says how long a body is.</summary>
public sealed class LengthRequiredTests
{
    private const string Action = "/v1.0/me/presence/clearUserPreferredPresence";

    [Theory]
    [InlineData("POST", Action, "", 411)]
    [InlineData("PATCH", "/v1.0/me/mailboxSettings", "", 411)]
    [InlineData("PUT", "/v1.0/me/presence/devices/5a2f7f6e-43a8-4c7e-8f1d-0a9be1c3d2f4", "", 411)]
    [InlineData("POST", Action, "Content-Length: 0\r\n", 200)]
    [InlineData("POST", Action, "Transfer-Encoding: chunked\r\n", 200)]
    [InlineData("GET", "/v1.0/me/presence", "", 200)]
    [InlineData("DELETE", "/v1.0/me/presence/calendar", "", 204)]
    public async Task A_write_says_where_its_body_ends(string method, string path, string header, int status)
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.PersonTokenAsync(RunningServer.Someone, "Presence.ReadWrite", "Presence.Read");
        var head =
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n";
        var body = header.StartsWith("Transfer", StringComparison.Ordinal) ? "0\r\n\r\n" : "";

        var answer = await SendAsync(server.Client.BaseAddress!.Port, $"{head}{header}\r\n{body}");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        if (status == 411)
        {
            Refused.With(
                RefusalKind.LengthRequired,
                status,
                JsonNode.Parse(answer[answer.IndexOf("{\"error", StringComparison.Ordinal)..])!
            );
        }
    }

    private static async Task<string> SendAsync(int port, string request)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", port, cancel);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancel);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancel);
    }
}
