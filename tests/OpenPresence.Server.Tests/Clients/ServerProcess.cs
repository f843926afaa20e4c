using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OpenPresence.Server.Tests.Clients;

/// <summary>
/// The real program in a process of its own, on free ports and a data directory of its own, reached as a
/// client reaches it: over HTTPS, trusting the authority that it made.
/// </summary>
public sealed class ServerProcess : IAsyncLifetime
{
    private static readonly TimeSpan StopMax = Eventually.Limit;

    private readonly StringBuilder said = new();
    private Process? process;

    public const string TenantId = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    public const string ClientId = "00001111-aaaa-2222-bbbb-3333cccc4444";
    public const string Secret = "demo-secret";

    public string DataDirectory { get; } = System.IO.Directory.CreateTempSubdirectory("openpresence-tests-").FullName;

    public Uri Https { get; private set; } = new("https://localhost");

    public Uri Http { get; private set; } = new("http://localhost");

    public string[] Arguments { get; init; } = [];

    public async ValueTask InitializeAsync()
    {
        var (httpPort, httpsPort) = FreePorts();
        Https = new Uri($"https://localhost:{httpsPort}");
        Http = new Uri($"http://localhost:{httpPort}");
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "OpenPresence.Server.dll"),
            "--http-port",
            $"{httpPort}",
            "--https-port",
            $"{httpsPort}",
            "--data",
            DataDirectory,
            .. Arguments,
        ];
        process = Process.Start(
            new ProcessStartInfo("dotnet", arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilReadyIsAsync(HttpStatusCode.OK);
    }

    /// <summary>Trusts nothing but the server's own authority.</summary>
    public HttpMessageHandler TrustingHandler() =>
        new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore =
                    {
                        X509CertificateLoader.LoadCertificateFromFile(Path.Combine(DataDirectory, "tls", "ca.pem")),
                    },
                },
            },
        };

    /// <summary>Ends the process as a power cut would; <see cref="InitializeAsync"/> starts it again.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit(StopMax);
    }

    /// <summary>Sends a signal by its name: <c>TERM</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{process!.Id}"]);
        Assert.True(kill.WaitForExit(StopMax) && kill.ExitCode == 0, $"The signal {name} was not sent.");
    }

    /// <summary>What the process ended with, once it has.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(StopMax);
        await process!.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited)
            {
                // As rough as can be: the journal promises to survive it.
                process.Kill();
            }
            using var limit = new CancellationTokenSource(StopMax);
            await process.WaitForExitAsync(limit.Token);
            process.Dispose();
        }
        System.IO.Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>Waits until /health/ready is answered so.</summary>
    public async Task UntilReadyIsAsync(HttpStatusCode status)
    {
        using var client = new HttpClient();
        var ready = new Uri(Http, "/health/ready");
        await Eventually.IsSoAsync(
            async () => process!.HasExited || await StatusAsync(client, ready) == status,
            () => $"The server said:\n{Said()}"
        );
        if (process!.HasExited)
        {
            throw new InvalidOperationException($"It ended before it was {status}. It said:\n{Said()}");
        }
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client, Uri address)
    {
        try
        {
            using var answer = await client.GetAsync(address, CancellationToken.None);
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private void Remember(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }
    }

    /// <summary>Everything that it wrote, over all of its runs.</summary>
    public string Said()
    {
        lock (said)
        {
            return said.ToString();
        }
    }

    private static (int Http, int Https) FreePorts()
    {
        // Both are held until both are known, so that they differ.
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
