using System.CommandLine;
using OpenPresence.Server.Cli.Terminal;

namespace OpenPresence.Server.Cli.Client;

/// <summary>What a command that talks to a server has at hand while it runs.</summary>
/// <param name="Parsed">Its arguments.</param>
/// <param name="Server">The server.</param>
/// <param name="Screen">Where it shows what it found.</param>
/// <param name="Shell">What surrounds it.</param>
internal sealed record ClientRun(ParseResult Parsed, ServerConnection Server, Screen Screen, Shell Shell)
{
    /// <summary>Whether a program reads the results.</summary>
    public bool IsJson => Parsed.GetValue(ServerChoice.Json);

    /// <summary>Looks people up.</summary>
    public People People => new(Server);
}

/// <summary>Whom a command asks, which says in whose name it may.</summary>
internal enum Asks
{
    /// <summary>Graph's surface: with a token, or as a person.</summary>
    Graph,

    /// <summary>The issuer: as a person.</summary>
    Issuer,

    /// <summary>The control API, which knows no persons and no applications.</summary>
    Control,
}

/// <summary>Gives a command the options of all, and turns what fails into a sentence and an exit code.</summary>
internal static class ClientCommand
{
    /// <summary>Says what a command does.</summary>
    public static void Act(Command command, Shell shell, Asks asks, Func<ClientRun, CancellationToken, Task<int>> act)
    {
        Option[] common =
        [
            ServerChoice.Url,
            ServerChoice.Data,
            ServerChoice.AuthorityFile,
            .. asks is Asks.Control ? Array.Empty<Option>() : [ServerChoice.As],
            .. asks is Asks.Graph ? [ServerChoice.TokenFile] : Array.Empty<Option>(),
            ServerChoice.Json,
        ];
        Array.ForEach(common, command.Options.Add);
        command.SetAction(
            (parsed, cancel) =>
                GuardAsync(
                    shell,
                    async () =>
                    {
                        using var server = ServerChoice.Open(parsed, shell);
                        var run = new ClientRun(parsed, server, new Screen(shell), shell);
                        return await act(run, cancel);
                    }
                )
        );
    }

    /// <summary>Runs something that may fail with a sentence.</summary>
    public static async Task<int> GuardAsync(Shell shell, Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (CommandFailedException failure)
        {
            Say(shell, failure);
            return failure.Code;
        }
    }

    /// <summary>Says what went wrong, and what to do about it.</summary>
    public static void Say(Shell shell, CommandFailedException failure, string about = "")
    {
        shell.Errors.WriteLine($"error: {about}{PlainText.Of(failure.Message)}");
        if (failure.Hint is { } hint)
        {
            shell.Errors.WriteLine($"hint: {hint}");
        }
    }
}
