namespace OpenPresence.Server.Cli;

/// <summary>What the program answers to the shell. docs/cli.md has the same table.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>It began and failed: the server refused, or what was waited for did not come.</summary>
    public const int Failed = 1;

    /// <summary>Nothing was begun: the command line, a setting or a file says something impossible.</summary>
    public const int BadInput = 2;

    /// <summary>No server answered, or it cannot be trusted.</summary>
    public const int Unreachable = 3;

    /// <summary>Ctrl+C, as shells count it: 128 and the signal's number.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 143;
}
