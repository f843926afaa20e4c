using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

namespace OpenPresence.Bench.Load;

/// <summary>
/// What open live streams cost: resident memory of the server for each, idle and after changes went through all of
/// them, and how long one change takes from its request until the last of them has it.
/// </summary>
public static class StreamBench
{
    /// <summary>How many are opened; a setting of the server allows as many by default.</summary>
    public const int Streams = 10_000;

    private const int Changes = 20;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var data = directory.Sub("data-streams");
        await Population.EnsureAsync(data, 100, cancel);
        await using var server = await LoadedProcess.StartServerAsync(options, data, cancel);
        using var client = new HttpClient { BaseAddress = server.Address };
        var token = await Tokens.GetAsync(client, cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await SetAsync(client, "Busy", cancel);
        await Task.Delay(Settle, cancel);
        var before = server.ResidentBytes;
        var sockets = new List<Socket>(Streams);
        try
        {
            for (var stream = 0; stream < Streams; stream++)
            {
                sockets.Add(await OpenAsync(server.Address, token, cancel));
            }
            await Task.Delay(Settle, cancel);
            var idle = server.ResidentBytes;
            var told = new List<double>();
            for (var change = 0; change < Changes; change++)
            {
                var begun = Stopwatch.GetTimestamp();
                var set = SetAsync(client, change % 2 == 0 ? "DoNotDisturb" : "Busy", cancel);
                foreach (var socket in sockets)
                {
                    await ReadUntilAsync(socket, "\n\n"u8.ToArray(), cancel);
                }
                await set;
                told.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            await Task.Delay(Settle, cancel);
            var used = server.ResidentBytes;
            told.Sort();
            return
            [
                new("stream-bytes-idle", (double)(idle - before) / Streams, "bytes", null, null),
                new("stream-bytes-used", (double)(used - before) / Streams, "bytes", null, null),
                new($"stream-change-to-{Streams}", told[told.Count / 2], "ms", null, null),
            ];
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task SetAsync(HttpClient client, string availability, CancellationToken cancel)
    {
        var activity = availability == "Busy" ? "InACall" : "Presenting";
        var person = BenchIds.Person(0);
        using var answer = await client.PostAsJsonAsync(
            $"/v1.0/users/{person}/presence/setPresence",
            new
            {
                sessionId = Population.ClientId,
                availability,
                activity,
                expirationDuration = "PT4H",
            },
            cancel
        );
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<Socket> OpenAsync(Uri address, string token, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, cancel);
        var request =
            $"GET /live/presences?state=false HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancel);
        await ReadUntilAsync(socket, "retry: 2000\n\n"u8.ToArray(), cancel);
        return socket;
    }

    private static async Task ReadUntilAsync(Socket socket, byte[] text, CancellationToken cancel)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf(text) < 0)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            length += count > 0 ? count : throw new IOException("The stream ended.");
        }
    }
}
