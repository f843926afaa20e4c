using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence faults</c>: make the server fail the way the real one does (docs/control.md).</summary>
internal static class FaultsCommand
{
    private static readonly Argument<string> Id = new("id")
    {
        Description = "One fault; without it all of them.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The members of a fault that are texts and numbers, under their own names.</summary>
    private static readonly (string Option, string Member, string Summary)[] Members =
    [
        ("--operation", "operation", "Which requests: as Graph names them, such as setPresence."),
        ("--method", "method", "Which requests: GET, POST, …"),
        ("--application", "applicationId", "Requests of this application."),
        ("--user", "userId", "Requests by or about this person, by id."),
        ("--skip", "skip", "So many go through first."),
        ("--count", "count", "So many are met; without it all."),
        ("--probability", "probability", "The chance of each, 0 to 1."),
        ("--status", "status", "What they get: 400 to 599. 429 is Graph's answer to a throttled client."),
        ("--retry-after", "retryAfterSeconds", "With --status: in how many seconds to try again."),
    ];

    private static readonly Option<string>[] Texts =
    [
        .. Members.Select(member => new Option<string>(member.Option)
        {
            Description = member.Summary,
            HelpName = "value",
        }),
    ];

    private static readonly Option<string> Delay = new("--delay")
    {
        Description = "How long they wait first: 2s, 1m.",
        HelpName = "duration",
    };

    private static readonly Option<bool> Drop = new("--drop") { Description = "The connection breaks." };

    private static readonly Option<bool> Afterwards = new("--afterwards")
    {
        Description = "With --drop: after the request was carried out.",
    };

    private static readonly Option<bool> Malformed = new("--malformed")
    {
        Description = "200, and JSON that ends in the middle.",
    };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "faults",
            "Lists the faults that are set, sets some, takes them away.",
            "# the next two reads are throttled",
            "openpresence faults add --operation getUserPresence --status 429 --retry-after 2 --count 2",
            "openpresence faults",
            "openpresence faults clear"
        );
        ClientCommand.Act(command, shell, Asks.Control, ListAsync);
        var add = new TaughtCommand(
            "add",
            "Sets a fault for the requests that match.",
            "openpresence faults add --operation getUserPresence --status 429 --retry-after 2 --count 2",
            "# was it set or was it not?",
            "openpresence faults add --operation setPresence --drop --afterwards --count 1",
            "# half of everything takes two seconds",
            "openpresence faults add --delay 2s --probability 0.5"
        );
        Option[] options = [.. Texts, Delay, Drop, Afterwards, Malformed];
        Array.ForEach(options, add.Options.Add);
        ClientCommand.Act(add, shell, Asks.Control, AddAsync);
        command.Subcommands.Add(add);
        var clear = new TaughtCommand("clear", "Takes faults away.", "openpresence faults clear");
        clear.Arguments.Add(Id);
        ClientCommand.Act(clear, shell, Asks.Control, ClearAsync);
        command.Subcommands.Add(clear);
        return command;
    }

    private static async Task<int> ListAsync(ClientRun run, CancellationToken cancel)
    {
        var answer = await run.Server.ControlAsync(HttpMethod.Get, "faults", null, cancel);
        ControlList.Show(
            run,
            (JsonArray)answer["value"]!,
            ["id", "operation", "method", "delay", "status", "drop", "malformed", "matched", "met"]
        );
        return ExitCode.Done;
    }

    private static async Task<int> AddAsync(ClientRun run, CancellationToken cancel)
    {
        var fault = new JsonObject();
        foreach (var (option, (_, member, _)) in Texts.Zip(Members))
        {
            if (run.Parsed.GetValue(option) is { } text)
            {
                fault[member] = IsNumber(member) ? Number(option.Name, text) : text;
            }
        }
        if (run.Parsed.GetValue(Delay) is { } delay)
        {
            fault["delay"] = DurationText.Iso(DurationText.Read("--delay", delay));
        }
        foreach (var flag in new[] { Drop, Afterwards, Malformed })
        {
            if (run.Parsed.GetValue(flag))
            {
                fault[flag.Name.TrimStart('-')] = true;
            }
        }
        var answer = await run.Server.ControlAsync(HttpMethod.Post, "faults", ServerConnection.Json(fault), cancel);
        if (run.IsJson)
        {
            run.Screen.Line(answer);
        }
        else
        {
            run.Screen.Line((string)answer["id"]!);
        }
        return ExitCode.Done;
    }

    private static async Task<int> ClearAsync(ClientRun run, CancellationToken cancel)
    {
        var path = run.Parsed.GetValue(Id) is { } id ? $"faults/{Uri.EscapeDataString(id)}" : "faults";
        await run.Server.ControlAsync(HttpMethod.Delete, path, null, cancel);
        return ExitCode.Done;
    }

    private static bool IsNumber(string member) =>
        member is "skip" or "count" or "probability" or "status" or "retryAfterSeconds";

    private static JsonValue Number(string option, string text) =>
        decimal.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : throw new CommandFailedException($"{option}: '{text}' is no number.", code: ExitCode.BadInput);
}
