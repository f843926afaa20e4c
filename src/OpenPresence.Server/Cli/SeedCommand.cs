using System.CommandLine;
using System.Text.Json.Nodes;
using OpenPresence.Engine;
using OpenPresence.Server.Directory;
using OpenPresence.Server.Seed;

namespace OpenPresence.Server.Cli;

/// <summary><c>openpresence seed check FILE</c>: is this seed right, and what is in it?</summary>
public static class SeedCommand
{
    private static readonly Argument<string> File = new("file")
    {
        Description = "The seed file: JSON with comments; docs/seed.schema.json describes it.",
    };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "seed",
            "Works with seed files.",
            "# every fault, with its line; the exit code says whether there is one",
            "openpresence seed check people.seed.jsonc"
        );
        command.Subcommands.Add(BuildCheck(shell));
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
        command.SetAction(parsed =>
            Check(parsed.GetRequiredValue(File), parsed.GetValue(ServerChoice.Json), shell)
        );
        return command;
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

    private static int Applications(SeededState seed) =>
        seed.Directory.OfType<ApplicationUpserted>().Count();

    private static int People(SeededState seed) =>
        seed.Directory.Count(change => change is PersonUpserted or PersonKnown);
}
