using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OpenPresence.Bench.Load;

/// <summary>Debian's h2load, which speaks what wrk does not: one presence, over TLS, in either version of HTTP.</summary>
/// <param name="RequestsDirectory">Where <see cref="ReadRequests"/> put the token and the ids.</param>
/// <param name="Connections">How many connections are kept busy.</param>
/// <param name="IsHttp2">HTTP/2 with <see cref="StreamsPerConnection"/>; else HTTP/1.1.</param>
public sealed partial record H2Load(string RequestsDirectory, int Connections, bool IsHttp2) : ILoad
{
    /// <summary>Requests under way on one connection of HTTP/2.</summary>
    public const int StreamsPerConnection = 8;

    /// <inheritdoc />
    public async Task<LoadResult> RunAsync(LoadedProcess server, TimeSpan duration, CancellationToken cancel)
    {
        var seconds = (int)duration.TotalSeconds;
        var addresses = await AddressesAsync(server, cancel);
        var token = await File.ReadAllTextAsync(Path.Combine(RequestsDirectory, "token"), cancel);
        string[] version = IsHttp2 ? ["-m", $"{StreamsPerConnection}"] : ["--h1", "-m", "1"];
        var start = new ProcessStartInfo(
            "taskset",
            [
                "-c",
                server.LoadProcessors,
                "h2load",
                "-t1",
                "-c",
                $"{Connections}",
                "-D",
                $"{seconds}",
                "-H",
                $"Authorization: Bearer {token}",
                "-H",
                "Accept: application/json",
                .. version,
                "-i",
                addresses,
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var before = server.ProcessorTime;
        using var load = Process.Start(start)!;
        var output = await load.StandardOutput.ReadToEndAsync(cancel);
        await load.WaitForExitAsync(cancel);
        return Read(output, server.ProcessorTime - before, seconds);
    }

    private async Task<string> AddressesAsync(LoadedProcess server, CancellationToken cancel)
    {
        var file = Path.Combine(RequestsDirectory, $"addresses-{server.SecureAddress.Port}");
        if (!File.Exists(file))
        {
            var ids = await File.ReadAllLinesAsync(Path.Combine(RequestsDirectory, "ids"), cancel);
            await File.WriteAllLinesAsync(
                file,
                ids.Select(id => $"{server.SecureAddress}v1.0/users/{id}/presence"),
                cancel
            );
        }
        return file;
    }

    private static LoadResult Read(string output, TimeSpan processor, double seconds)
    {
        var codes = StatusCodes().Match(output);
        var requests = codes.Success ? double.Parse(codes.Groups["ok"].ValueSpan) : 0;
        // Whoever is cut off when the time is over has no status, and is no fault.
        if (requests == 0 || codes.Groups["others"].Value != "0 3xx, 0 4xx, 0 5xx")
        {
            throw new InvalidOperationException("answers other than 200:\n" + output);
        }
        return new LoadResult(
            requests / seconds,
            processor.TotalMicroseconds / requests,
            processor.TotalSeconds / seconds,
            P99Milliseconds: 0 // it tells the mean and the deviation only
        );
    }

    [GeneratedRegex(
        @"status codes: (?<ok>\d+) 2xx, (?<others>\d+ 3xx, \d+ 4xx, \d+ 5xx)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex StatusCodes();
}
