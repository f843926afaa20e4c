using System.Net.Sockets;
using System.Text;
using OpenPresence.Bench.Load;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Settings;

namespace OpenPresence.Bench.Inner;

/// <summary>
/// What a request allocates, Kestrel's share included: a server in this process, and a client on a bare
/// socket that allocates nothing.
/// </summary>
public static class Allocations
{
    private const int People = 10_000;
    private const int WarmUps = 5_000;
    private const int Singles = 20_000;
    private const int Bulks = 2_000;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory();
        var data = directory.Sub("data");
        await Population.EnsureAsync(data, People, cancel);
        var options = new ServerOptions
        {
            DataDirectory = data,
            HttpPort = 0,
            HttpsPort = -1,
            ThrottleRequestsPer30Seconds = LoadedProcess.ThrottleLimit,
            RequestsKept = 0, // as in production; a request that is remembered is 330 bytes
        };
        await using var host = await ServerHost.StartAsync(options, TimeProvider.System, _ => { }, cancel);
        var address = host.Addresses.Http!;
        using var client = new HttpClient { BaseAddress = address };
        var token = await Tokens.GetAsync(client, cancel);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, cancel);
        var head = $" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n";
        var single = Encoding.ASCII.GetBytes($"GET /v1.0/users/{BenchIds.Person(1)}/presence{head}\r\n");
        var body = new BulkIds(People).NextBody();
        byte[] bulk =
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /v1.0/communications/getPresencesByUserId{head}"
                    + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"
            ),
            .. body,
        ];
        return
        [
            Measure("single-allocated", socket, single, Singles),
            Measure("bulk-650-allocated", socket, bulk, Bulks),
        ];
    }

    private static BenchResult Measure(string name, Socket socket, byte[] request, int count)
    {
        var answer = new byte[1 << 19];
        var answerBytes = Exchange(socket, request, answer, AnswerBytes(socket, request, answer));
        for (var i = 0; i < WarmUps; i++)
        {
            Exchange(socket, request, answer, answerBytes);
        }
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < count; i++)
        {
            Exchange(socket, request, answer, answerBytes);
        }
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return new BenchResult(name, (double)allocated / count, "B/request", null, null);
    }

    /// <summary>How long an answer is: all are alike.</summary>
    private static int AnswerBytes(Socket socket, byte[] request, byte[] answer)
    {
        const string Length = "Content-Length: ";
        socket.Send(request);
        var received = 0;
        while (true)
        {
            received += socket.Receive(answer, received, answer.Length - received, SocketFlags.None);
            var text = Encoding.ASCII.GetString(answer, 0, received);
            var headEnd = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headEnd < 0)
            {
                continue;
            }
            if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                throw new InvalidOperationException(text);
            }
            var from = text.IndexOf(Length, StringComparison.Ordinal) + Length.Length;
            var to = text.IndexOf('\r', from);
            var total = headEnd + 4 + int.Parse(text[from..to]);
            return received >= total ? total : Exchange(socket, [], answer, total - received) + received;
        }
    }

    private static int Exchange(Socket socket, byte[] request, byte[] answer, int answerBytes)
    {
        if (request.Length > 0)
        {
            socket.Send(request);
        }
        for (var received = 0; received < answerBytes; )
        {
            received += socket.Receive(answer, 0, answerBytes - received, SocketFlags.None);
        }
        return answerBytes;
    }
}
