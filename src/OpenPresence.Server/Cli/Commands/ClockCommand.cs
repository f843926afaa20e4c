using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence clock</c>: the server's clock, which tests hold and move (docs/control.md).</summary>
internal static class ClockCommand
{
    private static readonly Argument<string> At = new("instant")
    {
        Description = "An instant with its offset, as 2027-06-01T09:00:00+02:00.",
        HelpName = "instant",
    };

    private static readonly Argument<string> AtOrNow = new("instant")
    {
        Description = "Where to hold it; without it where it is.",
        HelpName = "instant",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> By = new("duration")
    {
        Description = "How far: 90s, 5m, 1h30m, 2d, or PT1H.",
        HelpName = "duration",
    };

    public static Command Build(Shell shell)
    {
        var clock = new TaughtCommand(
            "clock",
            "Shows the server's clock, and moves it in development.",
            "# where it stands, and when something will change by itself",
            "openpresence clock",
            "# see a presence fade, without waiting for it",
            "openpresence clock freeze",
            "openpresence clock advance 5m",
            "openpresence clock run"
        );
        ClientCommand.Act(clock, shell, Asks.Control, ShowAsync);
        clock.Subcommands.Add(Move(shell, "show", "Shows where the clock stands (the default).", null, ShowAsync));
        clock.Subcommands.Add(
            Move(
                shell,
                "freeze",
                "Holds the clock.",
                AtOrNow,
                (run, cancel) => MoveAsync(run, "freeze", Body("dateTime", run.Parsed.GetValue(AtOrNow)), cancel),
                "openpresence clock freeze",
                "openpresence clock freeze 2027-06-01T09:00:00+02:00"
            )
        );
        clock.Subcommands.Add(
            Move(
                shell,
                "set",
                "Moves the clock to an instant ahead; everything due on the way happens.",
                At,
                (run, cancel) => MoveAsync(run, "set", Body("dateTime", run.Parsed.GetValue(At)), cancel),
                "openpresence clock set 2027-06-01T09:00:00+02:00"
            )
        );
        clock.Subcommands.Add(
            Move(
                shell,
                "advance",
                "Moves the clock ahead; everything due on the way happens.",
                By,
                (run, cancel) => AdvanceAsync(run, cancel),
                "openpresence clock advance 5m"
            )
        );
        clock.Subcommands.Add(
            Move(
                shell,
                "run",
                "Lets a frozen clock go on.",
                null,
                (run, cancel) => MoveAsync(run, "run", null, cancel),
                "openpresence clock run"
            )
        );
        return clock;
    }

    private static TaughtCommand Move(
        Shell shell,
        string name,
        string summary,
        Argument<string>? argument,
        Func<ClientRun, CancellationToken, Task<int>> act,
        params string[] examples
    )
    {
        var command = new TaughtCommand(name, summary, examples);
        if (argument is not null)
        {
            command.Arguments.Add(argument);
        }
        ClientCommand.Act(command, shell, Asks.Control, act);
        return command;
    }

    private static Task<int> AdvanceAsync(ClientRun run, CancellationToken cancel)
    {
        var by = DurationText.Read("duration", run.Parsed.GetRequiredValue(By));
        return MoveAsync(run, "advance", Body("duration", DurationText.Iso(by)), cancel);
    }

    private static async Task<int> ShowAsync(ClientRun run, CancellationToken cancel)
    {
        Show(run, await run.Server.ControlAsync(HttpMethod.Get, "clock", null, cancel));
        return ExitCode.Done;
    }

    private static async Task<int> MoveAsync(ClientRun run, string how, JsonObject? body, CancellationToken cancel)
    {
        var content = body is null ? null : ServerConnection.Json(body);
        Show(run, await run.Server.ControlAsync(HttpMethod.Post, $"clock/{how}", content, cancel));
        return ExitCode.Done;
    }

    private static JsonObject? Body(string name, string? value) =>
        value is null ? null : new JsonObject { [name] = value };

    private static void Show(ClientRun run, JsonNode clock)
    {
        if (run.IsJson)
        {
            run.Screen.Line(clock);
            return;
        }
        var stands = (bool?)clock["isFrozen"] == true ? ", frozen" : "";
        run.Screen.Line($"{Instant(clock["dateTime"])}{stands}");
        run.Screen.Line(
            clock["nextDueDateTime"] is { } next
                ? $"next change by itself: {Instant(next)}"
                : "nothing will change by itself"
        );
    }

    private static string Instant(JsonNode? text) =>
        DateTimeOffset
            .Parse((string)text!, CultureInfo.InvariantCulture)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
