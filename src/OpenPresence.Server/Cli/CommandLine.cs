using System.CommandLine;

namespace OpenPresence.Server.Cli;

/// <summary>What the program answers to the shell.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>It began and failed.</summary>
    public const int Failed = 1;

    /// <summary>Nothing was begun: the command line, a setting or a file says something impossible.</summary>
    public const int BadInput = 2;
}

/// <summary>
/// The one program's commands; <c>serve</c> is the default. Each command is a file of this folder. The
/// settings are parsed here only into texts: <see cref="Settings.SettingsReader"/> judges them together
/// with those of the environment and the file, so that all faults come at once.
/// </summary>
public static class CommandLine
{
    /// <summary>Runs what the arguments say.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="serve">Starts the server and ends when it has stopped; gives the exit code.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="errors">Where faults go.</param>
    public static async Task<int> RunAsync(
        string[] args,
        Func<ServerOptions, CancellationToken, Task<int>> serve,
        TextWriter output,
        TextWriter errors
    )
    {
        var root = new RootCommand(
            "OpenPresence answers the presence API of Microsoft Graph. Without a command it serves."
        );
        ServeCommand.AddTo(root, serve);
        root.Subcommands.Add(ServeCommand.Build(serve));
        root.Subcommands.Add(SeedCommand.Build(TimeProvider.System));

        var parsed = root.Parse(args);
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            // A bug is to be seen with its stack, not as a sentence of the parser's.
            EnableDefaultExceptionHandler = false,
            // Signals belong to the host that serves.
            ProcessTerminationTimeout = null,
        };
        var code = await parsed.InvokeAsync(invocation);
        return parsed.Errors.Count > 0 ? ExitCode.BadInput : code;
    }
}
