using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Cli.Commands;

/// <summary>
/// The one program's commands; <c>serve</c> is the default. Each command is a file of this folder. The
/// settings are parsed here only into texts: <see cref="Settings.SettingsReader"/> judges them together
/// with those of the environment and the file, so that all faults come at once.
///
/// A server's start is measured, and a client is not: so the commands that talk to a server are put together
/// only when the arguments may mean one of them, and nothing of what they use is loaded before they run.
/// </summary>
public static class CommandLine
{
    /// <summary>Runs what the arguments say.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="serve">Starts the server and ends when it has stopped; gives the exit code.</param>
    /// <param name="shell">What surrounds the command.</param>
    public static async Task<int> RunAsync(
        string[] args,
        Func<ServerOptions, CancellationToken, Task<int>> serve,
        Shell shell
    )
    {
        var parsed = Root(serve, shell, isServing: IsServing(args)).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return Refuse(parsed, shell);
        }
        var invocation = new InvocationConfiguration
        {
            Output = shell.Output,
            Error = shell.Errors,
            // A bug is to be seen with its stack, not as a sentence of the parser's.
            EnableDefaultExceptionHandler = false,
            // Signals belong to the host that serves, and to the commands that go on until one comes.
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation);
    }

    /// <summary>All commands, or only what serves.</summary>
    public static Command Root(Func<ServerOptions, CancellationToken, Task<int>> serve, Shell shell, bool isServing)
    {
        // Not the library's root command: that one is called after the file, which is a DLL's name here.
        var root = new TaughtCommand(
            "openpresence",
            "OpenPresence answers the presence API of Microsoft Graph. Without a command it serves.",
            "# a server with a demo tenant; everything below asks it",
            "openpresence",
            "openpresence get",
            "openpresence set lena --preferred Busy --for 1h",
            "openpresence watch",
            "",
            "openpresence COMMAND --help shows what a command takes, openpresence serve --help every setting."
        );
        ServeCommand.AddTo(root, serve, shell);
        foreach (var setting in root.Options)
        {
            // Understood without the word as well, and shown where they belong.
            setting.Hidden = true;
        }
        root.Subcommands.Add(ServeCommand.Build(serve, shell));
        if (!isServing)
        {
            ClientCommands.AddTo(root, shell);
            var help = new HelpOption();
            help.Action = new TeachingHelp((HelpAction)help.Action!);
            root.Options.Add(help);
            root.Options.Add(new VersionOption());
        }
        return root;
    }

    /// <summary>Says what is not understood, on the stream for it, and what was most likely meant.</summary>
    private static int Refuse(ParseResult parsed, Shell shell)
    {
        foreach (var error in parsed.Errors)
        {
            shell.Errors.WriteLine($"error: {error.Message}");
        }
        var command = parsed.CommandResult.Command;
        var words = command.Subcommands.Select(known => known.Name);
        var options = command.Options.Select(known => known.Name);
        foreach (var token in parsed.UnmatchedTokens)
        {
            if (Nearest.To(token, token.StartsWith('-') ? options : words) is { } near)
            {
                shell.Errors.WriteLine($"hint: did you mean {near}?");
            }
        }
        var path = new List<string>();
        for (var result = parsed.CommandResult; result is not null; )
        {
            path.Insert(0, result.Command.Name);
            result = result.Parent as CommandResult;
        }
        shell.Errors.WriteLine($"hint: {string.Join(' ', path)} --help shows what there is.");
        return ExitCode.BadInput;
    }

    private static bool IsServing(string[] args) =>
        (args.Length == 0 || args[0] == "serve" || args[0].StartsWith("--", StringComparison.Ordinal))
        && !args.Any(argument => argument is "--help" or "-h" or "-?" or "--version");
}
