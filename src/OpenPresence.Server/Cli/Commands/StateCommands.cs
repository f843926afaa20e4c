using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence reset</c> and <c>openpresence snapshot</c>: begin anew, or where somebody left off.</summary>
internal static class StateCommands
{
    private static readonly Argument<string> Name = new("name") { Description = "Small letters, digits and hyphens." };

    public static Command BuildReset(Shell shell)
    {
        var command = new TaughtCommand(
            "reset",
            "Back to the seed: everything else is gone.",
            "# before each test",
            "openpresence reset"
        );
        ClientCommand.Act(
            command,
            shell,
            Asks.Control,
            (run, cancel) => ChangeAsync(run, HttpMethod.Post, "reset", "Back to the seed.", cancel)
        );
        return command;
    }

    public static Command BuildSnapshot(Shell shell)
    {
        var command = new TaughtCommand(
            "snapshot",
            "Keeps the whole state under a name, and brings it back.",
            "openpresence snapshot save everybody-at-work",
            "openpresence snapshot restore everybody-at-work",
            "openpresence snapshot list",
            "openpresence snapshot delete everybody-at-work"
        );
        var list = new TaughtCommand("list", "Lists the snapshots.", "openpresence snapshot list");
        ClientCommand.Act(list, shell, Asks.Control, ListAsync);
        command.Subcommands.Add(list);
        command.Subcommands.Add(Named("save", "Keeps the state as it is now.", HttpMethod.Put, ""));
        command.Subcommands.Add(Named("restore", "Back to that state.", HttpMethod.Post, "/restore"));
        command.Subcommands.Add(Named("delete", "Forgets it.", HttpMethod.Delete, ""));
        return command;

        TaughtCommand Named(string word, string summary, HttpMethod method, string action)
        {
            var named = new TaughtCommand(word, summary, $"openpresence snapshot {word} everybody-at-work");
            named.Arguments.Add(Name);
            ClientCommand.Act(
                named,
                shell,
                Asks.Control,
                (run, cancel) =>
                {
                    var name = run.Parsed.GetRequiredValue(Name);
                    var path = $"snapshots/{Uri.EscapeDataString(name)}{action}";
                    return ChangeAsync(run, method, path, $"{word}: {name}", cancel);
                }
            );
            return named;
        }
    }

    private static async Task<int> ChangeAsync(
        ClientRun run,
        HttpMethod method,
        string path,
        string done,
        CancellationToken cancel
    )
    {
        var answer = await run.Server.ControlAsync(method, path, null, cancel);
        if (run.IsJson)
        {
            run.Screen.Line(answer);
        }
        else
        {
            run.Screen.Line(done);
        }
        return ExitCode.Done;
    }

    private static async Task<int> ListAsync(ClientRun run, CancellationToken cancel)
    {
        var answer = await run.Server.ControlAsync(HttpMethod.Get, "snapshots", null, cancel);
        ControlList.Show(run, (JsonArray)answer["value"]!, "name", "takenDateTime", "people");
        return ExitCode.Done;
    }
}
