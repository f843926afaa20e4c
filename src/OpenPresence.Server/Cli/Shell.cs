using System.Collections;

namespace OpenPresence.Server.Cli;

/// <summary>What surrounds a command: its three streams, the environment, the time. A test gives its own.</summary>
public sealed record Shell
{
    /// <summary>Where results go, and nothing else.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where faults, hints and progress go.</summary>
    public required TextWriter Errors { get; init; }

    /// <summary>What is typed or piped in.</summary>
    public Func<TextReader> Input { get; init; } = () => TextReader.Null;

    /// <summary>All variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether a person looks at the results as they come.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether a person looks at what is said beside them.</summary>
    public bool IsErrorsTerminal { get; init; }

    /// <summary>Whether colours are wanted: NO_COLOR (no-color.org) and TERM=dumb say that they are not.</summary>
    public bool HasColor =>
        string.IsNullOrEmpty(Environment.GetValueOrDefault("NO_COLOR"))
        && Environment.GetValueOrDefault("TERM") != "dumb";

    /// <summary>The value of a variable; null: it is not set, or empty.</summary>
    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>That of this process.</summary>
    public static Shell OfProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }
        return new Shell
        {
            Output = Console.Out,
            Errors = Console.Error,
            Input = () => Console.In,
            Environment = variables,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorsTerminal = !Console.IsErrorRedirected,
        };
    }
}
