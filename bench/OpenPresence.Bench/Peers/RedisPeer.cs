using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Peers;

/// <summary>
/// Redis with a value for each person, in memory only, on the server's processor; its own benchmark program on the load's.
/// It does less: no token, no permission, no envelope, no JSON. That is what makes it a mark.
/// </summary>
internal static class RedisPeer
{
    /// <summary>As long as the presence of one person in an answer.</summary>
    private const int ValueBytes = 192;

    private const int SetsPerFlush = 1000;

    public static Task<LoadedProcess> StartAsync(CancellationToken cancel) =>
        LoadedProcess.StartAsync(
            ports =>
                ["redis-server", "--port", $"{ports.Http}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            redis => redis.ListensAsync(cancel),
            cancel
        );

    /// <summary>Sets every key that <see cref="RunAsync"/> asks for.</summary>
    public static async Task FillAsync(LoadedProcess redis, int keys, CancellationToken cancel)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", redis.Address.Port, cancel);
        await using var stream = client.GetStream();
        var value = new string('v', ValueBytes);
        var answer = new byte[5 * SetsPerFlush]; // "+OK\r\n" each
        var commands = new StringBuilder();
        for (var key = 0; key < keys; key++)
        {
            commands.Append(
                CultureInfo.InvariantCulture,
                $"*3\r\n$3\r\nSET\r\n$16\r\nkey:{key:D12}\r\n${ValueBytes}\r\n{value}\r\n"
            );
            if ((key + 1) % SetsPerFlush == 0 || key == keys - 1)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(commands.ToString()), cancel);
                commands.Clear();
                var count = key % SetsPerFlush + 1;
                await stream.ReadExactlyAsync(answer.AsMemory(0, 5 * count), cancel);
            }
        }
    }

    /// <summary>Commands a second, of one command with so many random keys that are all there.</summary>
    public static async Task<double> RunAsync(
        LoadedProcess redis,
        int keys,
        int keysPerCommand,
        int connections,
        int commands,
        CancellationToken cancel
    )
    {
        var start = new ProcessStartInfo(
            "taskset",
            [
                "-c",
                redis.LoadProcessors,
                "redis-benchmark",
                "-p",
                $"{redis.Address.Port}",
                "-c",
                $"{connections}",
                "-n",
                $"{commands}",
                "-r",
                $"{keys}",
                "--csv",
                keysPerCommand == 1 ? "GET" : "MGET",
                .. Enumerable.Repeat("key:__rand_int__", keysPerCommand),
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var load = Process.Start(start)!;
        var said = load.StandardError.ReadToEndAsync(cancel);
        var output = await load.StandardOutput.ReadToEndAsync(cancel);
        await load.WaitForExitAsync(cancel);
        var columns = output.TrimEnd().Split('\n')[^1].Split("\",\"");
        return columns.Length > 1
            ? double.Parse(columns[1].Trim('"'), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(output + await said);
    }
}
