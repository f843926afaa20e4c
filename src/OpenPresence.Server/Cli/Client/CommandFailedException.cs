using System.Net;

namespace OpenPresence.Server.Cli.Client;

/// <summary>A command cannot go on, and its user can do something about it.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="hint">What to do about it; null: the message says it.</param>
/// <param name="code">What the program answers to the shell.</param>
internal sealed class CommandFailedException(string message, string? hint = null, int code = ExitCode.Failed)
    : Exception(message)
{
    /// <summary>What to do about it.</summary>
    public string? Hint => hint;

    /// <summary>What the program answers to the shell.</summary>
    public int Code => code;

    /// <summary>What the server answered; null: it was not the server that refused.</summary>
    public HttpStatusCode? Status { get; init; }
}
