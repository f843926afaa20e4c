using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary>
/// <c>openpresence set PERSON…</c>: what shall they show? Each option is one of Graph's actions; several of them are
/// carried out in the order of <see cref="SetActions"/>. Then it says what is shown now, and, since a higher layer hides
/// what was just set more often than not, why that is something else.
/// </summary>
internal static class SetCommand
{
    private static readonly Argument<string[]> Words = People.Argument(
        "Whom: ids, user principal names or their beginnings; me, with --as.",
        ArgumentArity.OneOrMore
    );

    private static readonly Option<string> Preferred = new("--preferred")
    {
        Description =
            "What the person chose: Available, Busy, DoNotDisturb, BeRightBack, Away or Offline. It "
            + "hides every session, and counts only while there is one.",
        HelpName = "presence",
    };

    private static readonly Option<string> Session = new("--session")
    {
        Description =
            "What the application says of them: Available, Busy/InACall, Busy/InAConferenceCall, "
            + "Away or DoNotDisturb/Presenting.",
        HelpName = "presence",
    };

    private static readonly Option<string> Message = new("--message")
    {
        Description = "The status message.",
        HelpName = "text",
    };

    private static readonly Option<string> Location = new("--location")
    {
        Description = "Where they work today: office, remote or timeOff.",
        HelpName = "place",
    };

    private static readonly Option<string> Place = new("--place")
    {
        Description = "With --location: the id of a building or desk.",
        HelpName = "id",
    };

    private static readonly Option<string> For = new("--for")
    {
        Description =
            "How long --preferred, --session and --message hold: 90s, 5m, 1h30m, 2d, or PT1H. "
            + "A session holds 5m to 4h; without it 5m.",
        HelpName = "duration",
    };

    private static readonly Option<string[]> Clear = new("--clear")
    {
        Description = "What to take away, before the rest: " + string.Join(", ", SetActions.Clearable),
        HelpName = "what",
    };

    public static Command Build(Shell shell)
    {
        Clear.AcceptOnlyFromAmong(SetActions.Clearable);
        var command = new TaughtCommand(
            "set",
            "Sets what people show.",
            "# what she chose to show, for an hour",
            "openpresence set lena --preferred DoNotDisturb --for 1h",
            "# what the telephone system says; the session is that of the application of the token",
            "openpresence set lena --session Busy/InACall --for 20m",
            "openpresence set lena --message \"Back at three\" --for 2h --location remote",
            "# in her own name",
            "openpresence set me --as lena.hoffmann@contoso.example --preferred Away",
            "openpresence set lena --clear all"
        );
        command.Arguments.Add(Words);
        Option[] options = [Preferred, Session, Message, Location, Place, For, Clear];
        Array.ForEach(options, command.Options.Add);
        ClientCommand.Act(command, shell, Asks.Graph, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClientRun run, CancellationToken cancel)
    {
        var parsed = run.Parsed;
        var duration = parsed.GetValue(For) is { } text ? DurationText.Read("--for", text) : default;
        var actions = new SetActions(run.Server, duration, run.Screen.Note)
        {
            Clear = parsed.GetValue(Clear) ?? [],
            Location = parsed.GetValue(Location),
            Place = parsed.GetValue(Place),
            Message = parsed.GetValue(Message),
            Preferred = parsed.GetValue(Preferred) is { } chosen ? PairText.Preferred(chosen) : null,
            Session = parsed.GetValue(Session) is { } said ? PairText.Session(said) : null,
        };
        actions.Check(isTimed: duration > TimeSpan.Zero);
        var people = await run.People.FindAsync(parsed.GetValue(Words)!, cancel);
        var done = new List<KnownPerson>();
        foreach (var person in people)
        {
            try
            {
                await actions.RunAsync(person, cancel);
                done.Add(person);
            }
            catch (CommandFailedException refused) when (refused.Code == ExitCode.Failed)
            {
                ClientCommand.Say(run.Shell, refused, $"{person.Title}: ");
            }
        }
        await Presences.ShowAsync(run, done, cancel);
        if ((actions.Preferred ?? actions.Session) is { } wanted)
        {
            foreach (var person in done)
            {
                await SayWhatHidesAsync(run, person, wanted, cancel);
            }
        }
        return done.Count == people.Count ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task SayWhatHidesAsync(
        ClientRun run,
        KnownPerson person,
        JsonObject wanted,
        CancellationToken cancel
    )
    {
        var shown = await run.Server.GetAsync($"users/{person.Id}/presence", cancel);
        if (
            JsonNode.DeepEquals(shown["availability"], wanted["availability"])
            && JsonNode.DeepEquals(shown["activity"], wanted["activity"])
        )
        {
            return;
        }
        run.Screen.Note(
            $"note: {person.Title} shows {shown["availability"]}/{shown["activity"]} all the same; "
                + $"why: openpresence explain {(person.Name.Length > 0 ? person.Name : person.Id)}"
        );
    }
}
