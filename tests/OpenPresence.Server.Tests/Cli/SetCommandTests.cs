using OpenPresence.Server.Cli;

namespace OpenPresence.Server.Tests.Cli;

public sealed class SetCommandTests : IAsyncLifetime
{
    private const string Lena = "lena.hoffmann@contoso.example";
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("Busy", "Busy/Busy")]
    [InlineData("busy/busy", "Busy/Busy")]
    [InlineData("DONOTDISTURB", "DoNotDisturb/DoNotDisturb")]
    [InlineData("offline", "Offline/OffWork")]
    public async Task A_preference_is_typed_in_one_word(string typed, string shown)
    {
        Assert.Equal(shown, Shown(await _server.DoneAsync("set", "lena", "--preferred", typed, "--json")));
    }

    [Fact]
    public async Task A_preference_ends_when_it_was_told_to()
    {
        await _server.DoneAsync("set", "lena", "--preferred", "Away", "--for", "1h30m");

        await _server.AdvanceAsync(TimeSpan.FromMinutes(89));
        Assert.Equal("Away/Away", Shown(await _server.DoneAsync("get", "lena", "--json")));
        await _server.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("Available/Available", Shown(await _server.DoneAsync("get", "lena", "--json")));
    }

    [Fact]
    public async Task A_session_is_that_of_the_application_of_the_token()
    {
        var set = await _server.DoneAsync("set", "lena", "--session", "busy", "--for", "PT20M", "--json");
        Assert.Equal("Busy/InACall", Shown(set));

        var cleared = await _server.DoneAsync("set", "lena", "--clear", "session", "--json");
        Assert.Equal("Available/Available", Shown(cleared));
    }

    [Fact]
    public async Task What_a_higher_layer_hides_is_said_to_be_hidden()
    {
        await _server.DoneAsync("set", "lena", "--preferred", "Away");

        var run = await _server.RunAsync("set", "lena", "--session", "Busy/InACall");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(
            $"note: Lena Hoffmann shows Away/Away all the same; why: openpresence explain {Lena}\n",
            run.Errors
        );
    }

    [Fact]
    public async Task A_message_ends_by_the_servers_clock()
    {
        await _server.DoneAsync("set", "lena", "--message", "Back at three", "--for", "2h");

        var seen = (await _server.DoneAsync("get", "me", "--as", Lena, "--json")).Json[0];

        var message = seen["statusMessage"]!;
        Assert.Equal("Back at three", (string?)message["message"]!["content"]);
        Assert.StartsWith("2026-08-27T14:00:00", (string?)message["expiryDateTime"]!["dateTime"]);
    }

    [Fact]
    public async Task A_person_says_where_they_work()
    {
        var run = await _server.DoneAsync([
            "set",
            "me",
            "--as",
            Lena,
            "--location",
            "remote",
            "--place",
            "attic",
            "--json",
        ]);

        var location = run.Json[0]["workLocation"]!;
        Assert.Equal("remote", (string?)location["workLocationType"]);
        Assert.Equal("attic", (string?)location["placeId"]);
    }

    [Fact]
    public async Task Everything_that_is_there_is_taken_away()
    {
        await _server.DoneAsync("set", "lena", "--preferred", "Away", "--message", "x");

        var run = await _server.DoneAsync("set", "me", "--as", Lena, "--clear", "all", "--json");

        Assert.Equal("Available/Available", Shown(run));
        Assert.Null(run.Json[0]["statusMessage"]);
        Assert.Equal("unspecified", (string?)run.Json[0]["workLocation"]!["workLocationType"]);
    }

    [Fact]
    public async Task What_only_the_person_may_clear_stays_and_is_named()
    {
        var run = await _server.RunAsync("set", "lena", "--clear", "all", "--json");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("office", (string?)run.Json[0]["workLocation"]!["workLocationType"]);
        Assert.StartsWith("note: the location of Lena Hoffmann stays", run.Errors);
    }

    [Fact]
    public async Task Several_people_are_set_and_who_cannot_be_is_named()
    {
        var nobody = "00000000-1111-2222-3333-444444444444";

        var run = await _server.RunAsync("set", "lena", nobody, "jonas", "--preferred", "Busy", "--json");

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Equal(["Lena Hoffmann", "Jonas Okafor"], run.Json.Select(person => (string?)person["displayName"]));
        Assert.Contains($"error: {nobody}: 404 ", run.Errors);
    }

    [Theory]
    [InlineData("Nothing was said to set.")]
    [InlineData("--for: 'soon' is no duration.", "--preferred", "Busy", "--for", "soon")]
    [InlineData("--for: '0m' is no duration.", "--preferred", "Busy", "--for", "0m")]
    [InlineData("--for goes with", "--location", "office", "--for", "1h")]
    [InlineData("--place goes with", "--message", "x", "--place", "1")]
    public async Task What_cannot_be_meant_changes_nothing(string reason, params string[] options)
    {
        var run = await _server.RunAsync(["set", "lena", .. options]);

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.StartsWith($"error: {reason}", run.Errors);
    }

    [Fact]
    public async Task The_server_says_what_is_wrong_with_a_pair()
    {
        var run = await _server.RunAsync("set", "lena", "--session", "Busy/Napping", "--for", "1s");

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.StartsWith("error: Lena Hoffmann: 400 ", run.Errors);
    }

    private static string Shown(CommandRun run) => $"{run.Json[0]["availability"]}/{run.Json[0]["activity"]}";
}
