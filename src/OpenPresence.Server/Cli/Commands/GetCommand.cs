using System.CommandLine;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence get [PERSON…]</c>: what do they show?</summary>
internal static class GetCommand
{
    private const int TopDefault = 100;

    private static readonly Argument<string[]> Words = People.Argument(
        "Whom: ids, user principal names or their beginnings; me, with --as. Nobody: everybody.",
        ArgumentArity.ZeroOrMore
    );

    private static readonly Option<int> Top = new("--top")
    {
        Description = $"How many people to list when nobody is named. [default: {TopDefault}]",
        HelpName = "people",
    };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "get",
            "Shows the presence of people.",
            "# everybody",
            "openpresence get",
            "# these two; a beginning of the user principal name will do where it is the only one",
            "openpresence get lena.hoffmann@contoso.example jonas",
            "# for scripts: one JSON object a line",
            "openpresence get fa8bf3dc-eca7-46b7-bad1-db199b62afc3 --json | jq -r .availability",
            "# what she sees of herself, with when her message ends",
            "openpresence get me --as lena.hoffmann@contoso.example --json"
        );
        command.Arguments.Add(Words);
        command.Options.Add(Top);
        ClientCommand.Act(command, shell, Asks.Graph, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClientRun run, CancellationToken cancel)
    {
        var words = run.Parsed.GetValue(Words)!;
        if (words.Length > 0)
        {
            await Presences.ShowAsync(run, await run.People.FindAsync(words, cancel), cancel);
            return ExitCode.Done;
        }
        var top = run.Parsed.GetResult(Top) is null ? TopDefault : run.Parsed.GetValue(Top);
        if (top <= 0)
        {
            throw new CommandFailedException($"--top: {top} people are none.", code: ExitCode.BadInput);
        }
        // One more than wanted says whether there are more.
        var people = await run.People.ListAsync(top + 1, cancel);
        await Presences.ShowAsync(run, [.. people.Take(top)], cancel);
        if (people.Count > top)
        {
            run.Screen.Note($"note: these are the first {top}; --top shows more.");
        }
        return ExitCode.Done;
    }
}
