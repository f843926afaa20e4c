using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;
using OpenPresence.Server.Cli.Terminal;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Copying;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Cli.Commands;

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

    private static readonly Option<string> Journal = new("--journal")
    {
        Description = "The database of nodes that run, as they are given it: Host=…;Database=….",
        HelpName = "connection",
    };

    private static readonly Option<string> JournalPasswordFile = new("--journal-password-file")
    {
        Description = "The file with the database's password.",
        HelpName = "file",
    };

    private static readonly Option<string> Within = new("--within")
    {
        Description = "How long nodes may take to answer.",
        HelpName = "duration",
        DefaultValueFactory = _ => "30s",
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
        command.SetAction((parsed, cancel) => GuardAsync(shell, () => CopyAsync(parsed, shell, cancel)));
        return command;
    }

    private static TaughtCommand BuildVerify(Shell shell)
    {
        var command = new TaughtCommand(
            "verify",
            "Says what state a journal comes to, and whether all nodes have come to it.",
            "# nodes that run",
            "openpresence journal verify --journal 'Host=db.example;Database=openpresence'",
            "# a data directory at rest",
            "openpresence journal verify --data /srv/presence"
        );
        command.Options.Add(Journal);
        command.Options.Add(JournalPasswordFile);
        command.Options.Add(Within);
        command.Options.Add(Data);
        command.Options.Add(ServerChoice.Json);
        command.SetAction((parsed, cancel) => GuardAsync(shell, () => VerifyAsync(parsed, shell, cancel)));
        return command;
    }

    private static async Task<int> CopyAsync(ParseResult parsed, Shell shell, CancellationToken cancel)
    {
        using var logs = new Warnings(shell);
        var from = JournalPlace.Parse(parsed.GetRequiredValue(From), parsed.GetValue(FromPasswordFile), logs);
        var to = JournalPlace.Parse(parsed.GetRequiredValue(To), parsed.GetValue(ToPasswordFile), logs);
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
                    ["pictures"] = done.Pictures,
                }
            );
            return ExitCode.Done;
        }
        var entries = done.FirstPosition == 0 ? 0 : done.LastPosition - done.FirstPosition + 1;
        screen.Line(
            $"{entries:N0} entries up to {done.LastPosition:N0} and {done.Pictures:N0} pictures are in {to.Where}."
        );
        screen.Line($"Both come to the state {done.State.Text}.");
        return ExitCode.Done;
    }

    private static Task<int> VerifyAsync(ParseResult parsed, Shell shell, CancellationToken cancel) =>
        (parsed.GetValue(Journal) ?? shell.Variable("OPENPRESENCE_JOURNAL")) is { } connection
        && parsed.GetResult(Data) is null or { Implicit: true }
            ? CompareAsync(connection, parsed, shell, cancel)
            : ReadAsync(parsed, shell, cancel);

    private static async Task<int> CompareAsync(
        string connection,
        ParseResult parsed,
        Shell shell,
        CancellationToken cancel
    )
    {
        var within = DurationText.Read(Within.Name, parsed.GetRequiredValue(Within));
        using var logs = new Warnings(shell);
        var place = new DatabasePlace(connection, parsed.GetValue(JournalPasswordFile), logs);
        var found = await place.VerifyAsync(shell.Time, within, cancel);
        var screen = new Screen(shell);
        if (parsed.GetValue(ServerChoice.Json))
        {
            screen.Line(Json(found));
        }
        else
        {
            screen.Line($"At {found.Position:N0} the journal comes to {found.Replayed.Text}.");
            foreach (var node in found.Nodes)
            {
                screen.Line($"{node.Name} {node.Id}: {Judge(node, found)}");
            }
        }
        return found.IsWell ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Judge(NodeAnswer node, Verified found) =>
        node.State is null ? "no answer"
        : node.State.Text == found.Replayed.Text ? "the same"
        : node.State.Sha256 is null ? "busy"
        : $"DIFFERS, {node.State.Text}";

    private static JsonObject Json(Verified found) =>
        new()
        {
            ["position"] = found.Position,
            ["stateHash"] = found.Replayed.Text,
            ["isSame"] = found.IsWell,
            ["nodes"] = new JsonArray([
                .. found.Nodes.Select(node => new JsonObject
                {
                    ["id"] = node.Id.ToString(),
                    ["name"] = node.Name,
                    ["stateHash"] = node.State?.Text,
                }),
            ]),
        };

    private static async Task<int> ReadAsync(ParseResult parsed, Shell shell, CancellationToken cancel)
    {
        using var logs = new Warnings(shell);
        var place = JournalPlace.Parse(parsed.GetRequiredValue(Data), logs: logs);
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
                    when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    throw new CommandFailedException(failure.Message);
                }
            }
        );
}
