using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OpenPresence.Server.Tests.Clients;

namespace OpenPresence.Server.Tests.Streaming;

/// <summary>As many connections as one node is made for; a tenth of them in an ordinary run.</summary>
public sealed class ManyStreamsTests
{
    private static readonly int Streams = Environment.GetEnvironmentVariable("SOAK") is null ? 1000 : 10_000;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thousands_of_streams_hear_each_change_once()
    {
        // In a process of its own: both ends of all connections are more files than one may often open.
        await using var server = new ServerProcess { Arguments = ["--throttle-limit", "1000000"] };
        await server.InitializeAsync();
        using var client = new HttpClient { BaseAddress = server.Http };
        var token = await TokenAsync(client);
        var sockets = new List<Socket>(Streams);
        try
        {
            for (var stream = 0; stream < Streams; stream++)
            {
                sockets.Add(await OpenAsync(server.Http, token));
            }
            await SetAsync(client, token);
            foreach (var socket in sockets)
            {
                var heard = await ReadUntilAsync(socket, "Presenting");
                Assert.Single(heard.Split("event: presence").Skip(1));
            }
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task SetAsync(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/v1.0/users/{RunningServer.Someone}/presence/setPresence"
        )
        {
            Content = JsonContent.Create(
                new
                {
                    sessionId = ServerProcess.ClientId,
                    availability = "DoNotDisturb",
                    activity = "Presenting",
                }
            ),
        };
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> TokenAsync(HttpClient client)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = ServerProcess.ClientId,
                ["client_secret"] = ServerProcess.Secret,
                ["scope"] = "https://graph.microsoft.com/.default",
            }
        );
        var address = new Uri($"/{ServerProcess.TenantId}/oauth2/v2.0/token", UriKind.Relative);
        using var answer = await client.PostAsync(address, form, Cancel);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["access_token"]!;
    }

    private static async Task<Socket> OpenAsync(Uri address, string token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancel);
        var request =
            $"GET /live/presences?state=false HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Cancel);
        Assert.StartsWith("HTTP/1.1 200", await ReadUntilAsync(socket, "retry:"), StringComparison.Ordinal);
        return socket;
    }

    private static async Task<string> ReadUntilAsync(Socket socket, string text)
    {
        var (read, buffer) = ("", new byte[4096]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Eventually.Limit);
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, patience.Token);
            Assert.NotEqual(0, count);
            read += Encoding.UTF8.GetString(buffer, 0, count);
        }
        return read;
    }
}
