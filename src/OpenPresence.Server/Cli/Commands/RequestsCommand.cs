using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence requests</c>: what was the server asked lately?</summary>
internal static class RequestsCommand
{
    private static readonly Option<long?> After = new("--after")
    {
        Description = "Only those that came later than the one of this number.",
        HelpName = "number",
    };

    private static readonly Option<bool> Clear = new("--clear") { Description = "Forgets them." };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "requests",
            "Lists the last requests to the server, oldest first.",
            "openpresence requests",
            "# what a program of yours sent",
            "openpresence requests --json | jq -r 'select(.operation == \"setPresence\") | .body'",
            "openpresence requests --clear"
        );
        command.Options.Add(After);
        command.Options.Add(Clear);
        ClientCommand.Act(command, shell, Asks.Control, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClientRun run, CancellationToken cancel)
    {
        if (run.Parsed.GetValue(Clear))
        {
            await run.Server.ControlAsync(HttpMethod.Delete, "requests", null, cancel);
            return ExitCode.Done;
        }
        var path = run.Parsed.GetValue(After) is { } after ? $"requests?after={after}" : "requests";
        var answer = await run.Server.ControlAsync(HttpMethod.Get, path, null, cancel);
        ControlList.Show(
            run,
            (JsonArray)answer["value"]!,
            ["number", "startedDateTime", "milliseconds", "status", "method", "path", "operation"]
        );
        return ExitCode.Done;
    }
}
