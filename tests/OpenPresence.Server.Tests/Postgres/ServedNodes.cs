using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>The real program several times, on one database, each a process on a port of its own that it keeps.</summary>
internal sealed class ServedNodes : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);
    private const int PortsFrom = 15_000;
    private const int PortsTo = 30_000;

    private readonly DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("op-nodes-");
    private readonly string journal;
    private readonly string[] more;
    private readonly Process?[] nodes;
    private readonly StringBuilder said = new();
    private readonly HttpClient http = new();

    private ServedNodes(string journal, int count, string[] more)
    {
        (this.journal, this.more, nodes) = (journal, more, new Process?[count]);
        Ports = FreePorts(count);
    }

    public int[] Ports { get; }

    /// <summary>Where the nodes' folders are: node-0, node-1 …, and keys.</summary>
    public string Folder => folder.FullName;

    /// <summary>What all of them wrote.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    public static async Task<ServedNodes> StartAsync(string journal, int count, params string[] more)
    {
        var started = new ServedNodes(journal, count, more);
        try
        {
            for (var node = 0; node < count; node++)
            {
                await started.StartAsync(node);
            }
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public Uri Address(int node) => new($"http://127.0.0.1:{Ports[node]}");

    /// <summary>Starts one and waits until it is ready.</summary>
    public async Task StartAsync(int node)
    {
        var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    Path.Combine(AppContext.BaseDirectory, "OpenPresence.Server.dll"),
                    "--http-port",
                    $"{Ports[node]}",
                    "--https-port",
                    "-1",
                    "--data",
                    Path.Combine(folder.FullName, $"node-{node}"),
                    "--keys",
                    Path.Combine(folder.FullName, "keys"),
                    "--node-name",
                    $"node-{node}",
                    "--throttle-limit",
                    "100000000",
                    .. more,
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["OPENPRESENCE_JOURNAL"] = journal },
            }
        )!;
        nodes[node] = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartMax);
        while (!await IsReadyAsync(node, limit.Token))
        {
            if (process.HasExited || limit.IsCancellationRequested)
            {
                throw new InvalidOperationException($"Node {node} did not start:\n{Said}");
            }
            await Task.Delay(PollEvery, CancellationToken.None);
        }
    }

    /// <summary>Lets one do nothing more, while its machine goes on to hold its connections.</summary>
    public Task FreezeAsync(int node) => SignalAsync(node, "STOP");

    /// <summary>Lets one that was frozen go on, as if nothing had been.</summary>
    public Task ThawAsync(int node) => SignalAsync(node, "CONT");

    /// <summary>Ends one by a signal that it may heed in its own time.</summary>
    public async Task StopAsync(int node)
    {
        var process = nodes[node]!;
        await SignalAsync(node, "TERM");
        using var limit = new CancellationTokenSource(StopMax);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"Node {node} ended with {process.ExitCode}:\n{Said}");
        process.Dispose();
        nodes[node] = null;
    }

    public async Task RestartAsync(int node)
    {
        await StopAsync(node);
        await StartAsync(node);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in nodes.OfType<Process>())
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
            await process.WaitForExitAsync();
            process.Dispose();
        }
        http.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task SignalAsync(int node, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{nodes[node]!.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Keep(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }
    }

    private async Task<bool> IsReadyAsync(int node, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Address(node), "/health/ready"), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Free ones below those that the system gives to clients: else a client could have a node's while the node is away.
    /// </summary>
    private static int[] FreePorts(int count) =>
        [
            .. Enumerable
                .Range(0, int.MaxValue)
                .Select(_ => Random.Shared.Next(PortsFrom, PortsTo))
                .Where(IsFree)
                .Distinct()
                .Take(count),
        ];

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
