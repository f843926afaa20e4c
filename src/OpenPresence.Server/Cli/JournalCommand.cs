using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Server.Board;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Copying;

namespace OpenPresence.Server.Cli;

/// <summary>
/// <c>openpresence journal copy</c> and <c>openpresence journal verify</c>: what operators do to a journal itself, without
/// a server. docs/operations.md says when.
/// </summary>
internal static class JournalCommand
{
    private static readonly Option<string> From = new("--from")
    {
        Description = "The journal to copy: a data directory, or Host=…;Database=….",
        HelpName = "place",
        Required = true,
    };

    private static readonly Option<string> To = new("--to")
    {
        Description = "An empty place for the copy: a data directory, or Host=…;Database=….",
        HelpName = "place",
        Required = true,
    };

    private static readonly Option<string> FromPasswordFile = new("--from-password-file")
    {
        Description = "The file with the password of the database to copy from.",
        HelpName = "file",
    };

    private static readonly Option<string> ToPasswordFile = new("--to-password-file")
    {
        Description = "The file with the password of the database to copy to.",
        HelpName = "file",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "The data directory of a server that does not run.",
        HelpName = "folder",
        DefaultValueFactory = _ => new ServerOptions().DataDirectory,
    };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "journal",
            "Copies and verifies the journal itself.",
            "openpresence journal copy --from .openpresence --to 'Host=db.example;Database=openpresence'",
            "openpresence journal verify --data /srv/presence"
        );
        command.Subcommands.Add(BuildCopy(shell));
        command.Subcommands.Add(BuildVerify(shell));
        return command;
    }

    private static TaughtCommand BuildCopy(Shell shell)
    {
        var command = new TaughtCommand(
            "copy",
            "Copies a journal as it is into an empty place, and holds the copy against it.",
            "# the servers that use it must be stopped",
            "openpresence journal copy --from .openpresence --to 'Host=db.example;Database=openpresence'",
            "# and back",
            "openpresence journal copy --from 'Host=db.example;Database=openpresence' --to /srv/presence"
        );
        command.Options.Add(From);
        command.Options.Add(FromPasswordFile);
        command.Options.Add(To);
        command.Options.Add(ToPasswordFile);
        command.Options.Add(ServerChoice.Json);
        command.SetAction(
            (parsed, cancel) => GuardAsync(shell, () => CopyAsync(parsed, shell, cancel))
        );
        return command;
    }

    private static TaughtCommand BuildVerify(Shell shell)
    {
        var command = new TaughtCommand(
            "verify",
            "Reads a journal to its end, and says what state it comes to.",
            "openpresence journal verify --data /srv/presence"
        );
        command.Options.Add(Data);
        command.Options.Add(ServerChoice.Json);
        command.SetAction(
            (parsed, cancel) => GuardAsync(shell, () => VerifyAsync(parsed, shell, cancel))
        );
        return command;
    }

    private static async Task<int> CopyAsync(
        ParseResult parsed,
        Shell shell,
        CancellationToken cancel
    )
    {
        var from = JournalPlace.Parse(
            parsed.GetRequiredValue(From),
            parsed.GetValue(FromPasswordFile)
        );
        var to = JournalPlace.Parse(parsed.GetRequiredValue(To), parsed.GetValue(ToPasswordFile));
        var progress = new StartProgress();
        CopyResult done;
        using (new ProgressLine(progress, shell))
        {
            done = await JournalCopy.RunAsync(from, to, shell.Time, progress, cancel);
        }
        var screen = new Screen(shell);
        if (parsed.GetValue(ServerChoice.Json))
        {
            screen.Line(
                new JsonObject
                {
                    ["firstPosition"] = done.FirstPosition,
                    ["lastPosition"] = done.LastPosition,
                    ["snapshotPosition"] = done.SnapshotPosition,
                    ["stateHash"] = done.State.Text,
                }
            );
            return ExitCode.Done;
        }
        var entries = done.FirstPosition == 0 ? 0 : done.LastPosition - done.FirstPosition + 1;
        screen.Line($"{entries:N0} entries up to {done.LastPosition:N0} are in {to.Where}.");
        screen.Line($"Both come to the state {done.State.Text}.");
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(
        ParseResult parsed,
        Shell shell,
        CancellationToken cancel
    )
    {
        var place = JournalPlace.Parse(parsed.GetRequiredValue(Data));
        await using var opened = await place.OpenAsync(shell.Time, cancel);
        var last = opened.Journal.LastPosition;
        await foreach (var _ in opened.ReadAsync(cancel)) { }
        var state = await Replay.HashAsync(opened.Journal, last, shell.Time, cancel);
        var screen = new Screen(shell);
        if (parsed.GetValue(ServerChoice.Json))
        {
            screen.Line(
                new JsonObject
                {
                    ["firstPosition"] = opened.FirstPosition,
                    ["lastPosition"] = last,
                    ["stateHash"] = state.Text,
                }
            );
        }
        else
        {
            screen.Line($"The entries {opened.FirstPosition:N0} to {last:N0} are whole.");
            screen.Line($"They come to the state {state.Text}.");
        }
        return ExitCode.Done;
    }

    private static Task<int> GuardAsync(Shell shell, Func<Task<int>> act) =>
        ClientCommand.GuardAsync(
            shell,
            async () =>
            {
                try
                {
                    return await act();
                }
                catch (JournalRefusedException refused)
                {
                    throw new CommandFailedException(refused.Message, code: ExitCode.BadInput);
                }
                catch (JournalUnavailableException outage)
                {
                    throw new CommandFailedException(outage.Message, code: ExitCode.Unreachable);
                }
                catch (Exception failure)
                    when (failure
                            is IOException
                                or UnauthorizedAccessException
                                or InvalidDataException
                    )
                {
                    throw new CommandFailedException(failure.Message);
                }
            }
        );
}
