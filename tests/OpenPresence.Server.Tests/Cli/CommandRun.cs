using System.Text.Json.Nodes;
using OpenPresence.Server.Cli;
using OpenPresence.Server.Cli.Commands;

namespace OpenPresence.Server.Tests.Cli;

/// <summary>What a command did: run in this process, against a server under test, with streams of its own.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    /// <summary>The results as programs read them.</summary>
    public JsonNode[] Json =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    /// <summary>Runs a command, which must do nothing but that.</summary>
    public static async Task<CommandRun> OfAsync(
        IReadOnlyDictionary<string, string> environment,
        string[] args,
        string input = "",
        NoticedText? errors = null
    )
    {
        using var output = new StringWriter();
        errors ??= new NoticedText("");
        using var typed = new StringReader(input);
        var code = await CommandLine.RunAsync(
            args,
            (_, _) => throw new InvalidOperationException("It serves."),
            new Shell
            {
                Output = output,
                Errors = errors,
                Input = () => typed,
                Environment = environment,
            }
        );
        return new(code, output.ToString(), errors.ToString());
    }
}

/// <summary>What was said, and when something of it was.</summary>
internal sealed class NoticedText(string awaited) : StringWriter
{
    private readonly TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a line with that text was written.</summary>
    public Task Said => said.Task;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(awaited, StringComparison.Ordinal) == true)
        {
            said.TrySetResult();
        }
    }
}

/// <summary>Runs commands against a server.</summary>
internal static class CommandsOfServer
{
    /// <summary>Runs a command with nothing in its environment but the server's address.</summary>
    public static Task<CommandRun> RunAsync(this RunningServer server, params string[] args) =>
        server.RunAsync([], args);

    /// <summary>The same with more variables.</summary>
    public static Task<CommandRun> RunAsync(
        this RunningServer server,
        Dictionary<string, string> environment,
        string[] args,
        string input = ""
    ) =>
        CommandRun.OfAsync(
            new Dictionary<string, string>(environment)
            {
                ["OPENPRESENCE_URL"] = server.Client.BaseAddress!.ToString(),
            },
            args,
            input
        );

    /// <summary>Runs a command that must succeed without a word beside its results.</summary>
    public static async Task<CommandRun> DoneAsync(this RunningServer server, params string[] args)
    {
        var run = await server.RunAsync(args);
        Assert.True(run.Code == ExitCode.Done, $"{run.Code}: {run.Errors}");
        Assert.Equal("", run.Errors);
        return run;
    }
}
