using OpenPresence.Server.Cli;

namespace OpenPresence.Server.Tests.Cli;

public sealed class WatchCommandTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_change_is_a_line_of_JSON_and_the_count_ends_it()
    {
        var watching = await WatchAsync("lena", "jonas", "--count", "2", "--json");

        await _server.DoneAsync("set", "mara", "--preferred", "Away");
        await _server.DoneAsync("set", "lena", "--preferred", "Busy");
        await _server.DoneAsync("set", "jonas", "--preferred", "Away");

        var run = await watching.Run;
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("note: watching; Ctrl+C ends it.\n", run.Errors);
        Assert.Equal(
            ["Lena Hoffmann: Busy", "Jonas Okafor: Away"],
            run.Json.Select(line => $"{line["displayName"]}: {line["availability"]}")
        );
    }

    [Fact]
    public async Task A_pipe_without_JSON_gets_a_line_that_people_read()
    {
        var watching = await WatchAsync("--count", "1");

        await _server.DoneAsync("set", "lena", "--preferred", "Busy");

        Assert.Matches(@"\A\d\d:\d\d:\d\dZ  Lena Hoffmann  Busy/Busy\n\z", (await watching.Run).Output);
    }

    [Theory]
    [InlineData("Available")]
    [InlineData("available/available")]
    public async Task What_is_there_already_need_not_be_waited_for(string until)
    {
        var run = await _server.RunAsync("watch", "lena", "--until", until, "--for", "1h");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task It_waits_until_somebody_shows_what_was_asked_for()
    {
        var watching = await WatchAsync("lena", "--until", "Busy/InACall", "--json");

        await _server.DoneAsync("set", "lena", "--session", "DoNotDisturb");
        await _server.DoneAsync("set", "lena", "--session", "Busy");

        var run = await watching.Run;
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(["Presenting", "InACall"], run.Json.Select(line => (string?)line["activity"]));
    }

    [Theory]
    [InlineData(ExitCode.Done)]
    [InlineData(ExitCode.Failed, "--count", "1")]
    [InlineData(ExitCode.Failed, "--until", "Busy")]
    public async Task Time_that_is_over_fails_only_what_waits_for_something(int code, params string[] bounds)
    {
        var run = await _server.RunAsync(["watch", "lena", "--for", "1s", .. bounds]);

        Assert.Equal(code, run.Code);
        Assert.Equal(code != ExitCode.Done, run.Errors.Contains("error: what was waited for did not come in time."));
    }

    [Fact]
    public async Task A_server_that_starts_again_is_found_again_and_nothing_is_missed()
    {
        var port = _server.Client.BaseAddress!.Port;
        var watching = await WatchAsync("--count", "1", "--json");
        await _server.StopAsync();
        await _server.StartAgainAsync(options => options with { HttpPort = port });

        await _server.DoneAsync("set", "lena", "--preferred", "Busy");

        var run = await watching.Run;
        Assert.Equal("Lena Hoffmann", (string?)Assert.Single(run.Json)["displayName"]);
        Assert.Contains("note: the connection ended; connecting again.", run.Errors);
    }

    private sealed record Watching(Task<CommandRun> Run);

    /// <summary>Begins to watch; a change that comes from now on is told.</summary>
    private async Task<Watching> WatchAsync(params string[] args)
    {
        var errors = new NoticedText("note: watching");
        var run = CommandRun.OfAsync(
            new Dictionary<string, string> { ["OPENPRESENCE_URL"] = _server.Client.BaseAddress!.ToString() },
            ["watch", "--for", "2m", .. args],
            errors: errors
        );
        await Task.WhenAny(errors.Said, run);
        return new(run);
    }
}
