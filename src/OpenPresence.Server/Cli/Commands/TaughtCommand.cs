using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OpenPresence.Server.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its word.</param>
/// <param name="summary">What it does, in a sentence.</param>
/// <param name="examples">Lines to paste; a line that begins with # says what the next one is for.</param>
internal sealed class TaughtCommand(string name, string summary, params string[] examples) : Command(name, summary)
{
    /// <summary>The lines that help shows.</summary>
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>The help of the command line library, and the examples after it.</summary>
internal sealed class TeachingHelp(HelpAction plain) : SynchronousCommandLineAction
{
    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        plain.Invoke(parseResult);
        if (parseResult.CommandResult.Command is TaughtCommand { Examples: { Count: > 0 } lines })
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
            {
                output.WriteLine(line.Length == 0 ? "" : $"  {line}");
            }
            output.WriteLine();
        }
        return ExitCode.Done;
    }
}
