using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>
/// nginx as it comes with Debian, on a free port of loopback, with the settings of docs/operations.md: it hands requests to
/// servers in turn, knows nothing of their health, and sends no request twice that may change something.
/// </summary>
internal sealed partial class RoundRobin : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo folder;
    private readonly Process process;

    private RoundRobin(DirectoryInfo folder, Process process, int port) =>
        (this.folder, this.process, Address) = (folder, process, new($"http://127.0.0.1:{port}"));

    public Uri Address { get; }

    /// <summary>Starts it; skips the test where there is no nginx.</summary>
    public static async Task<RoundRobin> StartAsync(IEnumerable<int> ports)
    {
        Assert.SkipUnless(File.Exists(Program), "nginx is not installed (apt-get install nginx)");
        var made = System.IO.Directory.CreateTempSubdirectory("openpresence-nginx-");
        var port = FreePort();
        var settings = Path.Combine(made.FullName, "nginx.conf");
        await File.WriteAllTextAsync(settings, Settings(made.FullName, port, ports));
        var nginx = Process.Start(
            new ProcessStartInfo(Program, ["-p", made.FullName, "-c", settings, "-e", "stderr"])
            {
                UseShellExecute = false,
            }
        )!;
        var started = new RoundRobin(made, nginx, port);
        await started.UntilListeningAsync(port);
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Settings(string folder, int port, IEnumerable<int> ports) =>
        $$"""
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr crit;
            events { worker_connections 1024; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              {{Documented(port, [.. ports])}}
            }
            """;

    /// <summary>What operators are told to write, with the addresses of this machine, and without TLS.</summary>
    private static string Documented(int port, int[] ports)
    {
        var shown = Block().Match(ProjectFiles.Read("docs/operations.md")).Groups["text"].Value;
        Assert.Contains("listen 443 ssl;", shown, StringComparison.Ordinal);
        var servers = Servers().Match(shown);
        Assert.True(servers.Success, "the documentation names no servers");
        var own = ports.Select(node => $"    server 127.0.0.1:{node}{servers.Groups["more"].Value};");
        return shown
            .Replace(servers.Value, string.Join('\n', own) + "\n", StringComparison.Ordinal)
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal);
    }

    [GeneratedRegex("```nginx\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>All of them, one after the other and alike.</summary>
    [GeneratedRegex(@"( +server [\d.]+:\d+(?<more>[^;\n]*);\n)+", RegexOptions.ExplicitCapture)]
    private static partial Regex Servers();

    private async Task UntilListeningAsync(int port)
    {
        using var limit = new CancellationTokenSource(StartMax);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                Assert.False(process.HasExited, "nginx did not start");
                await Task.Delay(PollEvery, limit.Token);
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
