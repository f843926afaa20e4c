using System.CommandLine;
using OpenPresence.Engine;
using OpenPresence.Server.Directory;
using OpenPresence.Server.Seed;

namespace OpenPresence.Server.Cli;

/// <summary><c>openpresence seed check FILE</c>: is this seed right, and what is in it?</summary>
public static class SeedCommand
{
    public static Command Build(TimeProvider time)
    {
        var command = new Command("seed", "Works with seed files.");
        command.Subcommands.Add(BuildCheck(time));
        return command;
    }

    private static Command BuildCheck(TimeProvider time)
    {
        var file = new Argument<string>("file") { Description = "The seed file." };
        var command = new Command("check", "Names every fault of a seed file, with its place.");
        command.Arguments.Add(file);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var console = parsed.InvocationConfiguration;
            return Check(path, time, console.Output, console.Error);
        });
        return command;
    }

    private static int Check(string path, TimeProvider time, TextWriter output, TextWriter errors)
    {
        var seed = SeedFile.ReadFile(path, Instant.From(time.GetUtcNow()), out var faults);
        if (seed is null)
        {
            foreach (var fault in faults)
            {
                errors.WriteLine(fault);
            }

            return ExitCode.BadInput;
        }

        output.WriteLine(
            $"{path} is right: "
                + $"{seed.Directory.OfType<TenantUpserted>().Count()} tenant(s), "
                + $"{seed.Directory.OfType<ApplicationUpserted>().Count()} application(s), "
                + $"{seed.Directory.Count(c => c is PersonUpserted or PersonKnown)} people, "
                + $"{seed.Presence.Length} fact(s) of presence."
        );
        return ExitCode.Done;
    }
}
