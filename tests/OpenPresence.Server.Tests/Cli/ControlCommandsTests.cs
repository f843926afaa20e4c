using OpenPresence.Server.Cli;

namespace OpenPresence.Server.Tests.Cli;

public sealed class ControlCommandsTests : IAsyncLifetime
{
    private const string Key = "a key of sixteen and more";
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_clock_is_frozen_and_moved_and_a_presence_ends()
    {
        await _server.DoneAsync("set", "lena", "--preferred", "Away", "--for", "10m");

        var frozen = await _server.DoneAsync("clock", "freeze");
        Assert.StartsWith("2026-08-27T12:00:00Z, frozen\nnext change by itself: ", frozen.Output);
        var moved = await _server.DoneAsync("clock", "advance", "10m", "--json");
        Assert.StartsWith("2026-08-27T12:10:00", (string?)moved.Json[0]["dateTime"]);

        var lena = (await _server.DoneAsync("get", "lena", "--json")).Json[0];
        Assert.Equal("Available", (string?)lena["availability"]);
        var run = await _server.DoneAsync("clock", "run", "--json");
        Assert.False((bool)run.Json[0]["isFrozen"]!);
    }

    [Fact]
    public async Task The_clock_is_set_and_shown()
    {
        await _server.DoneAsync("clock", "freeze", "2026-08-27T15:00:00+02:00");
        await _server.DoneAsync("clock", "set", "2026-08-28T09:00:00+02:00");

        Assert.StartsWith("2026-08-28T07:00:00Z, frozen\n", (await _server.DoneAsync("clock")).Output);
        Assert.StartsWith("2026-08-28T07:00:00Z", (await _server.DoneAsync("clock", "show")).Output);
    }

    [Fact]
    public async Task Time_does_not_go_back()
    {
        var run = await _server.RunAsync("clock", "set", "2020-01-01T00:00:00Z");

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.StartsWith("error: 400 ", run.Errors);
    }

    [Fact]
    public async Task A_fault_meets_what_it_was_set_for_and_is_taken_away()
    {
        var added = await _server.DoneAsync([
            "faults",
            "add",
            "--operation",
            "getUserPresence",
            "--status",
            "429",
            "--retry-after",
            "7",
        ]);

        var met = await _server.RunAsync("get", "lena");
        Assert.Equal(ExitCode.Failed, met.Code);
        Assert.Contains("hint: Try again in 7 seconds.", met.Errors);
        var listed = Assert.Single((await _server.DoneAsync("faults", "--json")).Json);
        Assert.Equal(added.Output.Trim(), (string?)listed["id"]);
        Assert.Equal(1, (int)listed["met"]!);
        await _server.DoneAsync("faults", "clear", added.Output.Trim());
        await _server.DoneAsync("get", "lena");
    }

    [Fact]
    public async Task A_fault_that_says_nothing_is_refused_by_the_server()
    {
        var run = await _server.RunAsync("faults", "add", "--operation", "getUserPresence");
        Assert.Equal(ExitCode.Failed, run.Code);

        run = await _server.RunAsync("faults", "add", "--status", "many");
        Assert.Equal(ExitCode.BadInput, run.Code);
    }

    [Fact]
    public async Task Requests_are_listed_and_forgotten()
    {
        await _server.DoneAsync("set", "lena", "--preferred", "Busy");

        var requests = (await _server.DoneAsync("requests", "--json")).Json;
        Assert.Contains(requests, request => (string?)request["operation"] == "setUserPreferredPresence");
        Assert.Contains(" setUserPreferredPresence\n", (await _server.DoneAsync("requests", "--after", "1")).Output);
        await _server.DoneAsync("requests", "--clear");
        Assert.Empty((await _server.DoneAsync("requests", "--json")).Json);
    }

    [Fact]
    public async Task The_state_is_kept_brought_back_and_begun_anew()
    {
        await _server.DoneAsync("set", "lena", "--preferred", "Busy");
        await _server.DoneAsync("snapshot", "save", "busy");
        await _server.DoneAsync("reset");
        Assert.Equal("Available", await LenaShowsAsync());

        await _server.DoneAsync("snapshot", "restore", "busy");
        Assert.Equal("Busy", await LenaShowsAsync());
        var kept = Assert.Single((await _server.DoneAsync("snapshot", "list", "--json")).Json);
        Assert.Equal("busy", (string?)kept["name"]);
        await _server.DoneAsync("snapshot", "delete", "busy");
        var gone = await _server.RunAsync("snapshot", "restore", "busy");
        Assert.Equal(ExitCode.Failed, gone.Code);
    }

    [Fact]
    public async Task A_seed_file_is_taken_in_by_a_server_that_runs()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                """
                { // a comment
                  "tenants": [{ "id": "bbbbcccc-0000-dddd-1111-eeee2222ffff", "displayName": "Fabrikam",
                    "domains": ["fabrikam.example"] }],
                }
                """,
                TestContext.Current.CancellationToken
            );

            await _server.DoneAsync("seed", "load", file);
            await _server.DoneAsync("get", "lena");

            await _server.DoneAsync("seed", "load", file, "--replace");
            Assert.Equal(ExitCode.Failed, (await _server.RunAsync("get", "lena")).Code);
        }
        finally
        {
            File.Delete(file);
        }
        var missing = await _server.RunAsync("seed", "load", file);
        Assert.Equal(ExitCode.BadInput, missing.Code);
    }

    [Fact]
    public async Task The_control_token_comes_from_the_environment()
    {
        await _server.StopAsync();
        await _server.StartAgainAsync(options => options with { ControlToken = Key });

        var barred = await _server.RunAsync("clock");
        Assert.Equal(ExitCode.Failed, barred.Code);
        Assert.Contains("OPENPRESENCE_CONTROL_TOKEN", barred.Errors);
        var open = await _server.RunAsync(new() { ["OPENPRESENCE_CONTROL_TOKEN"] = Key }, ["clock"]);
        Assert.Equal(ExitCode.Done, open.Code);
    }

    private async Task<string?> LenaShowsAsync() =>
        (string?)(await _server.DoneAsync("get", "lena", "--json")).Json[0]["availability"];
}
