using System.Diagnostics;
using System.Globalization;

namespace OpenPresence.Bench.Board;

/// <summary>
/// A process that holds a node's state and nothing else. It says what it measured on its last line, as
/// <c>name=value</c>. <c>state-process PEOPLE TURNS MESSAGES</c>.
/// </summary>
internal static class StateProcess
{
    private const int Collections = 5;
    private static readonly TimeSpan RunsAtMost = TimeSpan.FromMinutes(10);

    /// <param name="people">People with a session each.</param>
    /// <param name="turns">How many people come, some of them again.</param>
    /// <param name="messages">How many of them have a status message, too.</param>
    /// <param name="cancel">Ends the process.</param>
    public static async Task<IReadOnlyDictionary<string, double>> StartAsync(
        int people,
        int turns,
        int messages,
        CancellationToken cancel
    )
    {
        var dll = typeof(StateProcess).Assembly.Location;
        string[] line = [dll, "state-process", $"{people}", $"{turns}", $"{messages}"];
        var start = new ProcessStartInfo("dotnet", line) { UseShellExecute = false, RedirectStandardOutput = true };
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

    public static int Run(string[] args)
    {
        var numbers = Array.ConvertAll(args, int.Parse);
        var (state, entries) = BoardEntries.Fill(numbers[0], numbers[1]);
        for (var number = 0; number < numbers[2]; number++)
        {
            state.Apply(entries.Next(BoardEntries.MessagePayload(number)));
        }
        var applied = Resident();
        var pauses = Enumerable.Range(0, Collections).Select(_ => Collect()).Order().ToArray();
        string[] said =
        [
            Figure("residentBytes", applied),
            Figure("residentCollectedBytes", Resident()),
            Figure("collectionMs", pauses[Collections / 2]),
        ];
        Console.WriteLine(string.Join(' ', said));
        GC.KeepAlive(state);
        return 0;
    }

    private static double Collect()
    {
        var begun = Stopwatch.GetTimestamp();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string Figure(string name, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
}
