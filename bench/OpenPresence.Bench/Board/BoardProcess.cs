using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Board;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Board;

/// <summary>
/// What needs a process of its own to be measured: memory, and a start. The child says what it measured on
/// its last line, as <c>name=value</c>.
/// <c>board-process state PEOPLE TURNS</c>, <c>board-process open DIRECTORY</c>.
/// </summary>
internal static class BoardProcess
{
    private static readonly TimeSpan RunsAtMost = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var figures = args switch
        {
            ["state", var people, var turns] => MeasureState(
                int.Parse(people, CultureInfo.InvariantCulture),
                int.Parse(turns, CultureInfo.InvariantCulture)
            ),
            ["fill", var directory, var count] => await FillAsync(directory, int.Parse(count)),
            ["load", var count] => Load1(int.Parse(count)),
            ["only", var what, var c, var secs] => await OnlyAsync(
                what,
                int.Parse(c),
                int.Parse(secs)
            ),
            ["wheel"] => [("wheel", WheelBench.Run(3).Value)],
            ["snap"] => [.. SnapshotBench.Run(1_000_000, 5).Select(r => (r.Name, r.Value))],
            ["node", var c, var r] =>
            [
                .. (
                    await NodeBench.RunAsync(int.Parse(c), int.Parse(r), "/tmp/op-node", default)
                ).SelectMany(r => new[] { (r.Name, r.Value), (r.Name + "-ratio", r.Ratio!.Value) }),
            ],
            ["open", var directory] => await MeasureOpenAsync(directory),
            _ => throw new ArgumentException("state PEOPLE TURNS or open DIRECTORY", nameof(args)),
        };
        Console.WriteLine(
            string.Join(
                ' ',
                figures.Select(f =>
                    string.Create(CultureInfo.InvariantCulture, $"{f.Name}={f.Value}")
                )
            )
        );
        return 0;
    }

    /// <summary>Runs a child and returns its figures.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> StartAsync(
        CancellationToken cancel,
        params string[] args
    )
    {
        var dll = typeof(BoardProcess).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [dll, "board-process", .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bound.CancelAfter(RunsAtMost);
        try
        {
            var said = await child.StandardOutput.ReadToEndAsync(bound.Token);
            await child.WaitForExitAsync(bound.Token);
            return said.Trim()
                .Split('\n')[^1]
                .Split(' ')
                .Select(figure => figure.Split('='))
                .ToDictionary(
                    figure => figure[0],
                    figure => double.Parse(figure[1], CultureInfo.InvariantCulture),
                    StringComparer.Ordinal
                );
        }
        finally
        {
            child.Kill();
        }
    }

    private static (string Name, double Value)[] MeasureState(int people, int turns)
    {
        var (state, _) = BoardEntries.Fill(people, turns);
        var applied = Resident();
        var pause = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            pause = Stopwatch.GetElapsedTime(begun) is var took && took < pause ? took : pause;
        }
        var figures = new (string, double)[]
        {
            ("people", state.Board.People),
            ("residentBytes", applied),
            ("residentCollectedBytes", Resident()),
            ("collectionMs", pause.TotalMilliseconds),
            ("committed", GC.GetGCMemoryInfo().TotalCommittedBytes),
            ("heap", GC.GetGCMemoryInfo().HeapSizeBytes),
            ("gen0", GC.GetGCMemoryInfo().GenerationInfo[0].SizeAfterBytes),
            ("gen1", GC.GetGCMemoryInfo().GenerationInfo[1].SizeAfterBytes),
            ("gen2", GC.GetGCMemoryInfo().GenerationInfo[2].SizeAfterBytes),
            ("loh", GC.GetGCMemoryInfo().GenerationInfo[3].SizeAfterBytes),
            ("poh", GC.GetGCMemoryInfo().GenerationInfo[4].SizeAfterBytes),
        };
        GC.KeepAlive(state);
        return figures;
    }

    private static async Task<(string Name, double Value)[]> OnlyAsync(
        string what,
        int callers,
        int secs
    )
    {
        var d = "/tmp/op-only";
        if (Directory.Exists(d))
            Directory.Delete(d, true);
        Func<TimeSpan, Task<double>> run;
        IAsyncDisposable disp;
        if (what == "node")
        {
            var t = await NodeTarget.OpenAsync(d);
            run = x => t.RunAsync(callers, x);
            disp = t;
        }
        else
        {
            Journal.IAppendTarget t = what switch
            {
                "journal" => new Journal.JournalTarget(d),
                "fsync" => new Journal.PlainAppendFile(d, Journal.PlainFlush.Fsync),
                _ => new Journal.PlainAppendFile(d, Journal.PlainFlush.PreparedFdatasync),
            };
            run = x => Journal.Callers.RunAsync(t, callers, x);
            disp = t;
        }
        await using var _ = disp;
        await run(TimeSpan.FromSeconds(4));
        var t0 = Environment.CpuUsage;
        var rate = await run(TimeSpan.FromSeconds(secs));
        var cpu = Environment.CpuUsage;
        return
        [
            ("rate", rate),
            ("userUs", (cpu.UserTime - t0.UserTime).TotalMicroseconds / (rate * secs)),
            ("sysUs", (cpu.PrivilegedTime - t0.PrivilegedTime).TotalMicroseconds / (rate * secs)),
            ("gcs", GC.CollectionCount(0)),
        ];
    }

    private static (string Name, double Value)[] Load1(int n)
    {
        var (state, _) = BoardEntries.Fill(1_000_000, 1_000_000);
        var stream = new MemoryStream(200_000_000);
        var t0 = Environment.CpuUsage.TotalTime;
        using (var cut = state.TakeCut())
            cut.WriteTo(stream, default);
        var write = Environment.CpuUsage.TotalTime - t0;
        var best = 1e9;
        for (var i = 0; i < n; i++)
        {
            stream.Position = 0;
            var again = new NodeState(new NodeClock(TimeProvider.System));
            t0 = Environment.CpuUsage.TotalTime;
            NodeCut.ReadInto(again, stream, default);
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - t0).TotalMilliseconds);
            if (i == 0)
                Console.WriteLine($"first {best}");
        }
        return [("write", write.TotalMilliseconds), ("read", best)];
    }

    private static async Task<(string Name, double Value)[]> FillAsync(string d, int n)
    {
        var t = Stopwatch.GetTimestamp();
        await Load.Population.WriteAsync(d, n, default);
        return [("ms", Stopwatch.GetElapsedTime(t).TotalMilliseconds)];
    }

    private static async Task<(string Name, double Value)[]> MeasureOpenAsync(string directory)
    {
        var begun = Stopwatch.GetTimestamp();
        var clock = new NodeClock(TimeProvider.System);
        await using var journal = Open(directory, clock);
        var opened = Stopwatch.GetElapsedTime(begun);
        var cpuOpened = Environment.CpuUsage.TotalTime;
        await using var node = await Node.StartAsync(
            journal,
            clock,
            new NodeSettings(),
            NullLogger.Instance,
            CancellationToken.None
        );
        var ready = Stopwatch.GetElapsedTime(begun);
        var cpu = Environment.CpuUsage.TotalTime;
        using var process = Process.GetCurrentProcess();
        var startedAt = new DateTimeOffset(process.StartTime);
        var sinceStart = TimeProvider.System.GetUtcNow() - startedAt;
        return
        [
            ("people", node.State.Board.People),
            ("openCpuMs", cpuOpened.TotalMilliseconds),
            ("cpuMs", cpu.TotalMilliseconds),
            ("openMs", opened.TotalMilliseconds),
            ("readyMs", ready.TotalMilliseconds),
            ("processMs", sinceStart.TotalMilliseconds),
            ("residentBytes", Resident()),
        ];
    }

    public static LocalJournal Open(string directory, NodeClock clock) =>
        LocalJournal.Open(
            new LocalJournalOptions { Directory = directory },
            () => clock.Now,
            TimeProvider.System,
            NullLogger<LocalJournal>.Instance
        );

    private static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
