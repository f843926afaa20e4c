using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>
/// One run of PostgreSQL. Beside it stands a shell that waits for the tests to end: however they do, it ends the server and
/// takes its folder away, so that nothing is left behind.
/// </summary>
internal sealed class PostgresProcess
{
    /// <summary>A word tells the shell that all is well; the end of its input, that the tests are gone.</summary>
    private const string Guarding = """
        folder=$1
        shift
        "$@" </dev/null &
        read -r _ && exit
        kill -KILL $!
        wait
        rm -rf "$folder"
        """;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);
    private const int LinesKept = 100;
    private const StringSplitOptions Words = StringSplitOptions.RemoveEmptyEntries;

    private readonly Process guard;
    private readonly ConcurrentQueue<string> said = new();
    private readonly string pidFile;
    private int id;

    private PostgresProcess(Process guard, string pidFile) => (this.guard, this.pidFile) = (guard, pidFile);

    private string Said => string.Join('\n', said);

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public static async Task<PostgresProcess> StartAsync(string[] line, string folder, string data)
    {
        // What a killed one left would be taken for the word of this one.
        var ready = Path.Combine(data, "postmaster.pid");
        File.Delete(ready);
        var shell = Process.Start(
            new ProcessStartInfo("sh", ["-c", Guarding, "postgres", folder, .. line])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
        var started = new PostgresProcess(shell, ready);
        shell.OutputDataReceived += (_, output) => started.Keep(output.Data);
        shell.ErrorDataReceived += (_, output) => started.Keep(output.Data);
        shell.BeginOutputReadLine();
        shell.BeginErrorReadLine();
        await started.UntilReadyAsync();
        return started;
    }

    /// <summary>Ends it in good order, whoever is connected.</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>Ends it at once, but takes its shared memory away, which a killed one leaves behind.</summary>
    public Task QuitAsync() => EndAsync("QUIT");

    /// <summary>Ends it and all of its children, without a word; what it shared goes, as with a machine that lost its power.</summary>
    public async Task KillAsync()
    {
        int[] all = [id, .. ChildrenOf(id)];
        var alive = all.Where(IsAlive).Select(each => $"{each}").ToArray();
        if (alive.Length > 0)
        {
            // Some may end between the look and the kill.
            await PostgresPrograms.RunAsync(["sh", "-c", "kill -KILL \"$@\" || true", "", .. alive]);
            await EndedAsync(all);
            await RemoveMemoryAsync();
        }
    }

    private async Task RemoveMemoryAsync()
    {
        const int MemoryLine = 6;
        var lines = await PidLinesAsync();
        if (lines.Length > MemoryLine && lines[MemoryLine].Split(' ', Words) is [_, var memory])
        {
            await PostgresPrograms.RunAsync(["ipcrm", "-m", memory]);
        }
    }

    private async Task EndAsync(string signal)
    {
        if (IsAlive(id))
        {
            await PostgresPrograms.RunAsync(["kill", $"-{signal}", $"{id}"]);
        }
        await EndedAsync([id]);
    }

    private async Task UntilReadyAsync()
    {
        const int StatusLine = 7;
        using var limit = new CancellationTokenSource(StartMax);
        while (true)
        {
            var lines = await PidLinesAsync();
            if (lines.Length > StatusLine && lines[StatusLine].TrimEnd() == "ready")
            {
                id = int.Parse(lines[0], CultureInfo.InvariantCulture);
                return;
            }
            if (limit.IsCancellationRequested)
            {
                guard.StandardInput.Close();
                throw new InvalidOperationException($"PostgreSQL did not start. It said:\n{Said}");
            }
            await Task.Delay(PollEvery, CancellationToken.None);
        }
    }

    private async Task<string[]> PidLinesAsync()
    {
        try
        {
            return await File.ReadAllLinesAsync(pidFile);
        }
        catch (IOException)
        {
            return []; // not written yet
        }
    }

    private async Task EndedAsync(int[] ids)
    {
        using var limit = new CancellationTokenSource(StopMax);
        while (ids.Any(IsAlive))
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"PostgreSQL does not end. It said:\n{Said}");
            }
            await Task.Delay(PollEvery, CancellationToken.None);
        }
        await DismissAsync();
    }

    private async Task DismissAsync()
    {
        if (guard.HasExited)
        {
            return;
        }
        await guard.StandardInput.WriteLineAsync("well");
        guard.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopMax);
        await guard.WaitForExitAsync(limit.Token);
    }

    private void Keep(string? line)
    {
        said.Enqueue(line ?? "");
        if (said.Count > LinesKept)
        {
            said.TryDequeue(out _);
        }
    }

    private static bool IsAlive(int process) =>
        process > 0 && Stat(process) is { } stat && stat.State is not ("Z" or "X");

    private static IEnumerable<int> ChildrenOf(int parent) =>
        from folder in System.IO.Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
        let child = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)
        where Stat(child)?.Parent == parent
        select child;

    private static (string State, int Parent)? Stat(int process)
    {
        try
        {
            // The name in parentheses may hold spaces: count after it.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null; // gone
        }
    }
}
