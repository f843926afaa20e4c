using System.Buffers.Text;
using System.Text.Json.Nodes;
using OpenPresence.Server.Cli;

namespace OpenPresence.Server.Tests.Cli;

public sealed class TokenCommandTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Mara = "mara.lindqvist@contoso.example";
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task The_token_is_all_that_is_printed()
    {
        var run = await _server.DoneAsync("token");

        Assert.Matches(@"\A[\w-]+\.[\w-]+\.[\w-]+\n\z", run.Output);
        Assert.Equal(RunningServer.DemoApplication, (string?)Claims(run)["appid"]);
    }

    [Fact]
    public async Task A_persons_token_is_in_their_name_and_has_what_was_asked()
    {
        var run = await _server.DoneAsync("token", "--as", Mara, "--scope", "Presence.Read");

        var claims = Claims(run);
        Assert.Equal(RunningServer.Someone, (string?)claims["oid"]);
        Assert.Contains("Presence.Read", ((string?)claims["scp"])!.Split(' '));
    }

    [Fact]
    public async Task The_issuers_answer_is_there_for_programs()
    {
        var answer = Assert.Single((await _server.DoneAsync("token", "--json")).Json);

        Assert.Equal("Bearer", (string?)answer["token_type"]);
        Assert.True((int)answer["expires_in"]! > 0);
    }

    [Fact]
    public async Task The_environment_says_which_application_asks()
    {
        var wrong = new Dictionary<string, string>
        {
            ["OPENPRESENCE_TENANT"] = "contoso.example",
            ["OPENPRESENCE_CLIENT_ID"] = RunningServer.DemoApplication,
            ["OPENPRESENCE_CLIENT_SECRET"] = "wrong",
        };

        var run = await _server.RunAsync(wrong, ["token"]);
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.StartsWith("error: There is no token: AADSTS7000215", run.Errors);
        Assert.DoesNotContain("Trace ID", run.Errors);

        wrong["OPENPRESENCE_CLIENT_SECRET"] = "demo-secret";
        Assert.Equal(ExitCode.Done, (await _server.RunAsync(wrong, ["token"])).Code);
    }

    [Fact]
    public async Task A_token_comes_from_standard_input_a_file_or_the_environment()
    {
        var token = (await _server.DoneAsync("token")).Output;
        string[] get = ["get", RunningServer.Someone];

        var piped = await _server.RunAsync([], [.. get, "--token-file", "-"], token);
        var given = await _server.RunAsync(new() { ["OPENPRESENCE_TOKEN"] = token.Trim() }, get);
        var wrong = await _server.RunAsync(new() { ["OPENPRESENCE_TOKEN"] = "x" }, get);

        Assert.Equal(ExitCode.Done, piped.Code);
        Assert.Equal(ExitCode.Done, given.Code);
        Assert.Equal(ExitCode.Failed, wrong.Code);
        Assert.Contains("hint: The token that was given is not, or no longer, good", wrong.Errors);
    }

    [Fact]
    public async Task A_token_or_a_person_but_not_both()
    {
        var run = await _server.RunAsync("get", "--as", Mara, "--token-file", "-");

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.StartsWith("error: --as and --token-file cannot both be.", run.Errors);
    }

    [Fact]
    public async Task Who_said_nothing_of_an_application_is_told_that_it_was_the_demos()
    {
        var run = await _server.RunAsync("token", "--tenant", "fabrikam.example");

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.StartsWith("error: There is no token: AADSTS90002", run.Errors);
        Assert.Contains("OPENPRESENCE_CLIENT_ID", run.Errors);
    }

    private static JsonNode Claims(CommandRun run) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(run.Output.Split('.')[1]))!;
}
