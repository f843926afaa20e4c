using System.CommandLine;

namespace OpenPresence.Server.Cli;

/// <summary><c>openpresence seed check FILE</c>: is this seed right?</summary>
public static class SeedCommand
{
    public static Command Build()
    {
        var command = new Command("seed", "Works with seed files.");
        return command;
    }
}
