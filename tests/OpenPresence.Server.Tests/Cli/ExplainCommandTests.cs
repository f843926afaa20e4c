namespace OpenPresence.Server.Tests.Cli;

public sealed class ExplainCommandTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task What_is_shown_what_it_hides_and_what_comes_next_are_said()
    {
        await _server.DoneAsync("set", "lena", "--preferred", "Away", "--for", "1h");
        await _server.RunAsync("set", "lena", "--session", "Busy");

        var why = (await _server.DoneAsync("explain", "lena")).Output;

        Assert.StartsWith("Lena Hoffmann shows Away/Away since 2026-08-27 12:00:00Z.\n", why);
        Assert.Contains("\nAt 2026-08-27 13:00:00Z it becomes ", why);
        Assert.Matches(@"\napplication +Demo application +Busy/InACall +hidden ", why);
        Assert.Contains("The preferred presence hides every session.", why);
    }

    [Fact]
    public async Task Of_whom_nobody_says_anything_that_is_said()
    {
        var why = (await _server.DoneAsync("explain", "ruth")).Output;

        Assert.EndsWith("Nobody says anything of them: no session, no preference, no calendar.\n", why);
    }

    [Fact]
    public async Task A_program_gets_the_servers_answer_with_a_name()
    {
        var why = Assert.Single((await _server.DoneAsync("explain", "tomas", "--json")).Json);

        Assert.Equal("tomas.ferreira@contoso.example", (string?)why["userPrincipalName"]);
        Assert.NotEmpty(why["layers"]!.AsArray());
    }
}
