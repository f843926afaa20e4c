using System.CommandLine;
using System.Runtime.InteropServices;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary>
/// <c>openpresence watch [PERSON…]</c>: presence as it changes. In a terminal a table of everybody, in a pipe a line a change.
/// It goes on until Ctrl+C, unless it was told when to end.
/// </summary>
internal static class WatchCommand
{
    private static readonly Argument<string[]> Words = People.Argument(
        "Whom: ids, user principal names or their beginnings. Nobody: everybody.",
        ArgumentArity.ZeroOrMore
    );

    private static readonly Option<int?> Count = new("--count")
    {
        Description = "End after so many changes.",
        HelpName = "changes",
    };

    private static readonly Option<string> For = new("--for")
    {
        Description = "End after this long: 90s, 5m, 1h. With --count or --until the exit code is 1 then.",
        HelpName = "duration",
    };

    private static readonly Option<string> Until = new("--until")
    {
        Description = "End when one of them shows this, now or later: Available, Busy/InACall, …",
        HelpName = "presence",
    };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "watch",
            "Shows presence as it changes, until Ctrl+C.",
            "# everybody, in a table that changes",
            "openpresence watch",
            "# a line of JSON for each change of these two",
            "openpresence watch lena jonas --json",
            "# in a test: wait until she is available, at most a minute",
            "openpresence watch lena --until Available --for 1m"
        );
        command.Arguments.Add(Words);
        Array.ForEach<Option>([Count, For, Until], command.Options.Add);
        ClientCommand.Act(command, shell, Asks.Graph, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClientRun run, CancellationToken cancel)
    {
        var bounds = WatchBounds.Of(run.Parsed.GetValue(Count), run.Parsed.GetValue(For), run.Parsed.GetValue(Until));
        var words = run.Parsed.GetValue(Words)!;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var code = ExitCode.Done;
        using var interrupt = On(PosixSignal.SIGINT, ExitCode.Interrupted);
        using var terminate = On(PosixSignal.SIGTERM, ExitCode.Terminated);
        using var late = new Timer(
            _ => End(bounds.IsAwaited ? ExitCode.Failed : ExitCode.Done),
            null,
            bounds.For ?? Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            var people = words.Length > 0 ? await run.People.FindAsync(words, ending.Token) : null;
            if (people?.Count > LiveChanges.IdsMax)
            {
                throw new CommandFailedException(
                    $"{people.Count} people are more than a stream names; the most are {LiveChanges.IdsMax}.",
                    "Name nobody to watch everybody.",
                    ExitCode.BadInput
                );
            }
            await new Watching(run, people, bounds).RunAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            if (code == ExitCode.Failed)
            {
                run.Screen.Note("error: what was waited for did not come in time.");
            }
        }
        return code;

        PosixSignalRegistration On(PosixSignal signal, int exitCode) =>
            PosixSignalRegistration.Create(
                signal,
                context =>
                {
                    context.Cancel = true;
                    End(exitCode);
                }
            );

        void End(int exitCode)
        {
            code = exitCode;
            ending.Cancel();
        }
    }
}

/// <summary>When a watch ends by itself.</summary>
/// <param name="Count">After so many changes; null: however many.</param>
/// <param name="For">After so long; null: however long.</param>
/// <param name="Availability">When somebody shows this; null: whatever they show.</param>
/// <param name="Activity">And this; null: any.</param>
internal sealed record WatchBounds(int? Count, TimeSpan? For, string? Availability, string? Activity)
{
    /// <summary>Whether something must come before the time is over.</summary>
    public bool IsAwaited => Count is not null || Availability is not null;

    /// <summary>Reads them.</summary>
    public static WatchBounds Of(int? count, string? duration, string? until)
    {
        if (count <= 0)
        {
            throw new CommandFailedException($"--count: {count} changes are none.", code: ExitCode.BadInput);
        }
        var pair = until?.Split('/', 2);
        return new(
            count,
            duration is null ? null : DurationText.Read("--for", duration),
            pair?[0],
            pair is [_, var activity] ? activity : null
        );
    }

    /// <summary>Whether a presence is what is waited for.</summary>
    public bool IsMetBy(string? availability, string? activity) =>
        Availability is not null
        && Availability.Equals(availability, StringComparison.OrdinalIgnoreCase)
        && (Activity?.Equals(activity, StringComparison.OrdinalIgnoreCase) ?? true);
}
