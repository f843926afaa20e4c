using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OpenPresence.Bench.Load;

/// <summary>
/// A server process pinned to one processor, reached over loopback. The load has the other processor to
/// itself, so that neither's scheduling shows in the other's figures.
/// </summary>
public sealed class LoadedProcess : IAsyncDisposable
{
    public const int ServerProcessor = 0;

    /// <summary>For what is not measured under load.</summary>
    public static readonly string AllProcessors = $"0-{Environment.ProcessorCount - 1}";
    public const int LoadProcessor = 1;

    /// <summary>What /proc counts processor time in; fixed in Linux.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Far above what can be reached, below what the counter holds.</summary>
    public const int ThrottleLimit = 100_000_000;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(10);

    private readonly Process process;

    private LoadedProcess(Process process, Ports ports, string processors)
    {
        (this.process, Address) = (process, new Uri($"http://127.0.0.1:{ports.Http}"));
        SecureAddress = new Uri($"https://localhost:{ports.Https}");
        LoadProcessors = processors == AllProcessors ? AllProcessors : $"{LoadProcessor}";
    }

    /// <summary>The ports that a server may use.</summary>
    public readonly record struct Ports(int Http, int Https);

    public Uri Address { get; }

    /// <summary>With TLS, where the server was started with it.</summary>
    public Uri SecureAddress { get; }

    /// <summary>Where its load runs: on the other processor, or wherever there is time when the server has them all.</summary>
    public string LoadProcessors { get; }

    /// <summary>From its start until it answered, to within the time between two questions.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Processor time used so far, user and kernel.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // The second field is the name in parentheses, which may hold spaces: count after it.
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11]) + long.Parse(fields[12]);
            return TimeSpan.FromSeconds(ticks / TicksPerSecond);
        }
    }

    /// <summary>Starts the server under test on a data directory.</summary>
    public static Task<LoadedProcess> StartServerAsync(
        BenchOptions options,
        string data,
        CancellationToken cancel,
        string? processors = null,
        bool isSecure = false,
        IReadOnlyList<string>? more = null
    ) =>
        StartAsync(
            options.ServerDll,
            "/health/ready",
            ports =>
                [
                    "--http-port",
                    $"{ports.Http}",
                    "--https-port",
                    isSecure ? $"{ports.Https}" : "-1",
                    "--data",
                    data,
                    "--throttle-limit",
                    $"{ThrottleLimit}",
                    "--requests-kept",
                    "0",
                    .. more ?? [],
                ],
            cancel,
            processors
        );

    /// <summary>Starts the <see cref="Ceiling"/> with the answers that were recorded into a folder.</summary>
    /// <param name="answers">The folder.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="processors">The server's; null: one.</param>
    /// <param name="certificateData">A data directory whose certificate is used; null: without TLS.</param>
    public static Task<LoadedProcess> StartCeilingAsync(
        string answers,
        CancellationToken cancel,
        string? processors = null,
        string? certificateData = null
    ) =>
        StartAsync(
            typeof(Ceiling).Assembly.Location,
            "/",
            ports =>
                [
                    "ceiling",
                    "--port",
                    $"{ports.Http}",
                    "--answers",
                    answers,
                    .. certificateData is null
                        ? []
                        : new[] { "--https-port", $"{ports.Https}", "--data", certificateData },
                ],
            cancel,
            processors
        );

    /// <summary>Starts <c>dotnet DLL …</c> with ports of its own and waits until a path answers 200.</summary>
    public static Task<LoadedProcess> StartAsync(
        string dll,
        string readyPath,
        Func<Ports, IEnumerable<string>> arguments,
        CancellationToken cancel,
        string? processors = null
    ) =>
        StartAsync(
            ports => ["dotnet", dll, .. arguments(ports)],
            loaded => loaded.AnswersAsync(readyPath, cancel),
            cancel,
            processors
        );

    /// <summary>Starts any program, pinned, and waits until it says that it is ready.</summary>
    public static async Task<LoadedProcess> StartAsync(
        Func<Ports, IEnumerable<string>> command,
        Func<LoadedProcess, Task<bool>> isReady,
        CancellationToken cancel,
        string? processors = null
    )
    {
        var ports = new Ports(FreePort(), FreePort());
        processors ??= $"{ServerProcessor}";
        string[] line = ["-c", processors, .. command(ports)];
        var start = new ProcessStartInfo("taskset", line)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var begun = Stopwatch.GetTimestamp();
        var started = Process.Start(start)!;
        var said = new Queue<string>();
        started.OutputDataReceived += (_, output) => Keep(said, output.Data);
        started.ErrorDataReceived += (_, output) => Keep(said, output.Data);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        var loaded = new LoadedProcess(started, ports, processors);
        try
        {
            await loaded.ReadyAsync(isReady, cancel);
            loaded.ReadyAfter = Stopwatch.GetElapsedTime(begun);
            return loaded;
        }
        catch (Exception)
        {
            await loaded.DisposeAsync();
            lock (said)
            {
                Console.Error.WriteLine(string.Join('\n', said));
            }
            throw;
        }
    }

    /// <summary>Whether somebody listens.</summary>
    public async Task<bool> ListensAsync(CancellationToken cancel)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Address.Port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }

    private async Task ReadyAsync(Func<LoadedProcess, Task<bool>> isReady, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < ReadyWithin)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"the server ended: {process.ExitCode}");
            }
            if (await isReady(this))
            {
                return;
            }
            await Task.Delay(AskAgainAfter, cancel);
        }
        throw new TimeoutException("the server did not become ready");
    }

    private async Task<bool> AnswersAsync(string path, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = Address };
        try
        {
            using var answer = await client.GetAsync(path, cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    private static void Keep(Queue<string> said, string? line)
    {
        const int LinesMax = 40;
        lock (said)
        {
            said.Enqueue(line ?? "");
            if (said.Count > LinesMax)
            {
                said.Dequeue();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
