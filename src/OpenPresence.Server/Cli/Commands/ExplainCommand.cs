using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;
using OpenPresence.Server.Cli.Terminal;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence explain PERSON</c>: why do they show this, what does it hide, and what comes next?</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string[]> Words = People.Argument(
        "Whom: ids, user principal names or their beginnings; me, with --as.",
        ArgumentArity.OneOrMore
    );

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "explain",
            "Says why a presence is what it is.",
            "# \"I set it, and nothing changed\"",
            "openpresence explain tomas",
            "# by which rule, for scripts",
            "openpresence explain tomas --json | jq -r .rule.name"
        );
        command.Arguments.Add(Words);
        ClientCommand.Act(command, shell, Asks.Graph, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClientRun run, CancellationToken cancel)
    {
        foreach (var person in await run.People.FindAsync(run.Parsed.GetValue(Words)!, cancel))
        {
            var why = await run.Server.GetAsync($"users/{person.Id}/presence/explain", cancel);
            if (run.IsJson)
            {
                run.Screen.Line(Presences.Json(person, (JsonObject)why));
            }
            else
            {
                Show(run.Screen, person, why);
            }
        }
        return ExitCode.Done;
    }

    private static void Show(Screen screen, KnownPerson person, JsonNode why)
    {
        screen.Line($"{person.Title} shows {Pair(why)} since {Instant(why["sinceDateTime"])}.");
        screen.Line($"  {why["rule"]!["statement"]}");
        screen.Line($"  {why["rule"]!["grade"]}: {why["rule"]!["source"]}");
        screen.Line(
            why["next"] is { } next
                ? $"At {Instant(next["dateTime"])} it becomes {Pair(next)} by itself."
                : "It does not change by itself."
        );
        var layers = (JsonArray)why["layers"]!;
        if (layers.Count == 0)
        {
            screen.Line("Nobody says anything of them: no session, no preference, no calendar.");
            return;
        }
        screen.Table(
            ["LAYER", "OF", "SAYS", "STANDING", "ENDS", "WHY"],
            layers.Select(layer =>
                (IReadOnlyList<Spectre.Console.Rendering.IRenderable>)
                    [
                        Screen.Cell((string?)layer!["kind"]),
                        Screen.Cell((string?)(layer["displayName"] ?? layer["id"])),
                        screen.Pair((string?)layer["availability"], (string?)layer["activity"]),
                        Screen.Cell((string?)layer["standing"]),
                        Screen.Cell(Instant(layer["expiryDateTime"])),
                        Screen.Cell((string?)layer["reason"]),
                    ]
            )
        );
    }

    private static string Pair(JsonNode of) => $"{of["availability"]}/{of["activity"]}";

    private static string Instant(JsonNode? text) =>
        text is null
            ? ""
            : DateTimeOffset
                .Parse((string)text!, CultureInfo.InvariantCulture)
                .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
