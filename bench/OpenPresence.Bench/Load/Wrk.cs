using System.Diagnostics;
using System.Globalization;

namespace OpenPresence.Bench.Load;

/// <summary>Debian's wrk with a script of ours, pinned to the load's processor.</summary>
/// <param name="Script">The file in the folder Load.</param>
/// <param name="RequestsDirectory">Where the script finds what to send.</param>
/// <param name="Connections">How many connections are kept busy.</param>
public sealed record Wrk(string Script, string RequestsDirectory, int Connections) : ILoad
{
    /// <summary>Whether writes renew what is, so that nobody sees a difference.</summary>
    public bool IsHeartbeat { get; init; }

    /// <summary>How many different tokens the requests carry, by turns; 0: the one that all share.</summary>
    public int Tokens { get; init; }

    /// <summary>The file that is asked for, where the script asks for one; null: it does not.</summary>
    public string? StaticFile { get; init; }

    /// <inheritdoc />
    public async Task<LoadResult> RunAsync(LoadedProcess server, TimeSpan duration, CancellationToken cancel)
    {
        var seconds = (int)duration.TotalSeconds;
        var start = new ProcessStartInfo(
            "taskset",
            [
                "-c",
                server.LoadProcessors,
                "wrk",
                "-t1",
                $"-c{Connections}",
                $"-d{seconds}s",
                "-s",
                Path.Combine(AppContext.BaseDirectory, "Load", Script),
                server.Address.ToString(),
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["BENCH_REQUESTS"] = RequestsDirectory },
        };
        if (IsHeartbeat)
        {
            start.Environment["BENCH_HEARTBEAT"] = "1";
        }
        if (Tokens > 0)
        {
            start.Environment["BENCH_TOKENS"] = $"{Tokens}";
        }
        if (StaticFile is not null)
        {
            start.Environment["BENCH_STATIC"] = StaticFile;
        }
        var before = server.ProcessorTime;
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync(cancel);
        await wrk.WaitForExitAsync(cancel);
        return Read(output, server.ProcessorTime - before);
    }

    /// <summary>Our scripts end with: BENCH requests, microseconds, bad statuses, other errors, p99.</summary>
    private static LoadResult Read(string output, TimeSpan processor)
    {
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith("BENCH ", StringComparison.Ordinal));
        if (line is null)
        {
            throw new InvalidOperationException("wrk said nothing:\n" + output);
        }
        var numbers = line.Split(' ')[1..].Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        if (numbers[2] + numbers[3] > 0)
        {
            throw new InvalidOperationException("answers other than 200:\n" + output);
        }
        var seconds = numbers[1] / 1e6;
        return new LoadResult(
            numbers[0] / seconds,
            processor.TotalMicroseconds / numbers[0],
            processor.TotalSeconds / seconds,
            numbers[4] / 1e3
        );
    }
}
