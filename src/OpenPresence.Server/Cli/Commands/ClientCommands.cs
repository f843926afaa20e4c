using System.CommandLine;

namespace OpenPresence.Server.Cli.Commands;

/// <summary>The commands beside <c>serve</c>, in the order in which help lists them.</summary>
internal static class ClientCommands
{
    /// <summary>Puts them together.</summary>
    public static void AddTo(Command root, Shell shell)
    {
        Command[] commands =
        [
            GetCommand.Build(shell),
            SetCommand.Build(shell),
            WatchCommand.Build(shell),
            ExplainCommand.Build(shell),
            TokenCommand.Build(shell),
            ClockCommand.Build(shell),
            FaultsCommand.Build(shell),
            RequestsCommand.Build(shell),
            StateCommands.BuildReset(shell),
            StateCommands.BuildSnapshot(shell),
            SeedCommand.Build(shell),
            JournalCommand.Build(shell),
        ];
        Array.ForEach(commands, root.Subcommands.Add);
    }
}
