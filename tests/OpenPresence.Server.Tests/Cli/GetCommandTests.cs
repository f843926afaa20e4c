using OpenPresence.Server.Cli;

namespace OpenPresence.Server.Tests.Cli;

public sealed class GetCommandTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Lena = "lena.hoffmann@contoso.example";
    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")]
    [InlineData("FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3")]
    [InlineData("mara.lindqvist@contoso.example")]
    [InlineData("mara")]
    public async Task A_person_is_found_by_id_by_name_and_by_its_beginning(string word)
    {
        var run = await _server.DoneAsync("get", word, "--json");

        var person = Assert.Single(run.Json);
        Assert.Equal(RunningServer.Someone, (string?)person["id"]);
        Assert.Equal("Mara Lindqvist", (string?)person["displayName"]);
        Assert.Equal("Busy", (string?)person["availability"]);
        Assert.Equal("InAMeeting", (string?)person["activity"]);
    }

    [Fact]
    public async Task Everybody_is_listed_in_columns_when_nobody_is_named()
    {
        var run = await _server.DoneAsync("get");

        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(15, lines.Length);
        Assert.StartsWith("NAME ", lines[0]);
        Assert.Contains(
            lines,
            line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries)[..2] is ["Tomás Ferreira", "Busy/InACall"]
        );
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    public async Task People_come_in_the_order_in_which_they_were_named_and_once()
    {
        var run = await _server.DoneAsync("get", "priya", "jonas", "priya", "--json");

        Assert.Equal(["Priya Raman", "Jonas Okafor"], run.Json.Select(person => (string?)person["displayName"]));
    }

    [Fact]
    public async Task A_list_that_was_cut_says_so_beside_the_results()
    {
        var run = await _server.RunAsync("get", "--top", "3", "--json");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal(3, run.Json.Length);
        Assert.Equal("note: these are the first 3; --top shows more.\n", run.Errors);
    }

    [Fact]
    public async Task Somebody_who_asks_for_themselves_sees_when_their_message_ends()
    {
        var run = await _server.DoneAsync("get", "me", "--as", Lena, "--json");

        var person = Assert.Single(run.Json);
        Assert.Equal(Lena, (string?)person["userPrincipalName"]);
        Assert.NotNull(person["statusMessage"]!["expiryDateTime"]);
    }

    [Theory]
    [InlineData("nobody", "There is nobody called 'nobody'.")]
    [InlineData("nobody@contoso.example", "There is nobody called 'nobody@contoso.example'.")]
    [InlineData("o'brien", "There is nobody called 'o'brien'.")]
    [InlineData("p", "'p' may be ")]
    [InlineData("00000000-1111-2222-3333-444444444444", "404 ")]
    public async Task Whoever_is_not_found_fails_the_command(string word, string reason)
    {
        var run = await _server.RunAsync("get", word);

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Equal("", run.Output);
        Assert.StartsWith($"error: {reason}", run.Errors);
    }

    [Fact]
    public async Task Without_the_directorys_permissions_people_are_read_without_names()
    {
        var token = await _server.ApplicationTokenAsync("Presence.Read.All");

        var run = await _server.RunAsync(
            new() { ["OPENPRESENCE_TOKEN"] = token },
            ["get", RunningServer.Someone, "--json"]
        );

        var person = Assert.Single(run.Json);
        Assert.Null(person["displayName"]);
        Assert.Equal("InAMeeting", (string?)person["activity"]);
    }

    [Fact]
    public async Task A_message_cannot_steer_the_terminal()
    {
        await using var server = await RunningServer.StartAsync();
        await server.DoneAsync("set", "lena", "--message", "a\e[2Jb\nc\u202Ed");

        var run = await server.DoneAsync("get", "lena");

        Assert.Contains(" a[2Jb cd ", run.Output);
        Assert.Equal(2, run.Output.Count(character => character == '\n'));
    }

    [Theory]
    [InlineData("http://localhost:1", ExitCode.Unreachable, "http://localhost:1 does not answer")]
    [InlineData("localhost:5080", ExitCode.BadInput, "'localhost:5080' is no address of a server.")]
    public async Task A_server_that_is_not_there_is_told_apart(string url, int code, string reason)
    {
        var run = await _server.RunAsync("get", "--url", url);

        Assert.Equal(code, run.Code);
        Assert.StartsWith($"error: {reason}", run.Errors);
        Assert.Contains("\nhint: ", run.Errors);
    }
}
