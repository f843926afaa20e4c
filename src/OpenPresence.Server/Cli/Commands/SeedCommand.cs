using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Engine;
using OpenPresence.Server.Cli.Client;
using OpenPresence.Server.Cli.Terminal;
using OpenPresence.Server.Seed;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence seed check FILE</c>: is this seed right, and what is in it?</summary>
public static class SeedCommand
{
    private static readonly Argument<string> File = new("file")
    {
        Description = "The seed file: JSON with comments; docs/seed.schema.json describes it.",
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "In place of everything that is there.",
    };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "seed",
            "Works with seed files.",
            "# every fault, with its line; the exit code says whether there is one",
            "openpresence seed check people.seed.jsonc",
            "# into a server that runs already",
            "openpresence seed load people.seed.jsonc"
        );
        command.Subcommands.Add(BuildCheck(shell));
        command.Subcommands.Add(BuildLoad(shell));
        return command;
    }

    private static TaughtCommand BuildCheck(Shell shell)
    {
        var command = new TaughtCommand(
            "check",
            "Names every fault of a seed file, with its place. Needs no server.",
            "openpresence seed check people.seed.jsonc && openpresence --seed people.seed.jsonc"
        );
        command.Arguments.Add(File);
        command.Options.Add(ServerChoice.Json);
        command.SetAction(parsed => Check(parsed.GetRequiredValue(File), parsed.GetValue(ServerChoice.Json), shell));
        return command;
    }

    private static TaughtCommand BuildLoad(Shell shell)
    {
        var command = new TaughtCommand(
            "load",
            "Takes a seed file into a running server; those who are there already are replaced.",
            "openpresence seed load people.seed.jsonc",
            "# in place of everybody",
            "openpresence seed load people.seed.jsonc --replace"
        );
        command.Arguments.Add(File);
        command.Options.Add(Replace);
        ClientCommand.Act(command, shell, Asks.Control, LoadAsync);
        return command;
    }

    private static async Task<int> LoadAsync(ClientRun run, CancellationToken cancel)
    {
        var path = run.Parsed.GetRequiredValue(File);
        byte[] bytes;
        try
        {
            bytes = await System.IO.File.ReadAllBytesAsync(path, cancel);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The seed cannot be read: {unreadable.Message}", code: ExitCode.BadInput);
        }
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new("application/json");
        var query = run.Parsed.GetValue(Replace) ? "?replace=true" : "";
        var answer = await run.Server.ControlAsync(HttpMethod.Post, $"seed{query}", body, cancel);
        if (run.IsJson)
        {
            run.Screen.Line(answer);
        }
        else
        {
            run.Screen.Line($"{path} was taken in.");
        }
        return ExitCode.Done;
    }

    private static int Check(string path, bool isJson, Shell shell)
    {
        var now = Instant.From(shell.Time.GetUtcNow());
        var seed = SeedFile.ReadFile(path, now, out var faults);
        if (isJson)
        {
            new Screen(shell).Line(Json(seed, faults));
        }
        else if (seed is not null)
        {
            shell.Output.WriteLine(
                $"{path} is right: {Tenants(seed)} tenant(s), {Applications(seed)} application(s), "
                    + $"{People(seed)} people, {seed.Presence.Length} fact(s) of presence."
            );
        }
        foreach (var fault in faults)
        {
            shell.Errors.WriteLine(fault);
        }
        return seed is null ? ExitCode.BadInput : ExitCode.Done;
    }

    private static JsonObject Json(SeededState? seed, IReadOnlyList<string> faults) =>
        seed is null
            ? new()
            {
                ["isRight"] = false,
                ["faults"] = new JsonArray([.. faults.Select(fault => JsonValue.Create(fault))]),
            }
            : new()
            {
                ["isRight"] = true,
                ["tenants"] = Tenants(seed),
                ["applications"] = Applications(seed),
                ["people"] = People(seed),
                ["presenceFacts"] = seed.Presence.Length,
            };

    private static int Tenants(SeededState seed) => seed.Directory.OfType<TenantUpserted>().Count();

    private static int Applications(SeededState seed) => seed.Directory.OfType<ApplicationUpserted>().Count();

    private static int People(SeededState seed) =>
        seed.Directory.Count(change => change is PersonUpserted or PersonKnown);
}
