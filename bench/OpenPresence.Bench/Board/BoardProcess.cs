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
        };
        GC.KeepAlive(state);
        return figures;
    }

    private static async Task<(string Name, double Value)[]> MeasureOpenAsync(string directory)
    {
        var begun = Stopwatch.GetTimestamp();
        var clock = new NodeClock(TimeProvider.System);
        await using var journal = Open(directory, clock);
        var opened = Stopwatch.GetElapsedTime(begun);
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
