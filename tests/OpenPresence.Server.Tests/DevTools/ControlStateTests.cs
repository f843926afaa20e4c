using System.Net;
using System.Text;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlStateTests
{
    private const string Nobody = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reset_goes_back_to_the_seed_and_tokens_go_on()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        var people = server.Graph.Board.People;
        var added = Guid.NewGuid();
        await server.Node.ExecuteAsync(new PersonKnown(added, Guid.Parse(RunningServer.DemoTenant)));
        using var set = await server.SetAsync(token, Nobody, "Busy", "InACall");
        await server.ControlledAsync(HttpMethod.Post, "faults", new { status = 500, skip = 1000 });
        await server.ControlledAsync(HttpMethod.Post, "clock/advance", new { duration = "P2D" });
        using var other = await server.SetAsync(token, RunningServer.Someone, "DoNotDisturb", "Presenting");
        Assert.Equal("DoNotDisturb/Presenting", await server.ShowsAsync(token, RunningServer.Someone));

        var reset = await server.ControlledAsync(HttpMethod.Post, "reset");
        Assert.Equal(people, (int)reset["people"]!);
        Assert.Equal("Busy/InAMeeting", await server.ShowsAsync(token, RunningServer.Someone));
        Assert.Equal("Offline/Offline", await server.ShowsAsync(token, Nobody));
        using var gone = await server.SendAsync(HttpMethod.Get, $"/v1.0/users/{added}/presence", token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.False(server.Tools.Faults.IsAny);
    }

    [Fact]
    public async Task A_snapshot_comes_back_under_its_name()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var set = await server.SetAsync(token, Nobody, "Available", "Available", "PT4H");
        await server.ControlledAsync(HttpMethod.Put, "snapshots/at-work");
        await server.ControlledAsync(HttpMethod.Post, "clock/advance", new { duration = "PT6H" });
        Assert.Equal("Offline/Offline", await server.ShowsAsync(token, Nobody));
        await server.ControlledAsync(HttpMethod.Post, "snapshots/at-work/restore");
        Assert.Equal("Available/Available", await server.ShowsAsync(token, Nobody));
        await server.ControlledAsync(HttpMethod.Post, "clock/advance", new { duration = "PT5M" });
        Assert.Equal("Available/AvailableInactive", await server.ShowsAsync(token, Nobody));

        var kept = Assert.Single((await server.ControlledAsync(HttpMethod.Get, "snapshots"))["value"]!.AsArray());
        Assert.Equal("at-work", (string?)kept!["name"]);
        Assert.Equal("2026-08-27T12:00:00.0000000Z", (string?)kept["takenDateTime"]);
        Assert.Equal(server.Graph.Board.People, (int)kept["people"]!);
        await server.ControlledAsync(HttpMethod.Delete, "snapshots/at-work");
        await server.ControlAsync(HttpMethod.Post, "snapshots/at-work/restore").RefusedAsync(HttpStatusCode.NotFound);
        await server.ControlAsync(HttpMethod.Delete, "snapshots/at-work").RefusedAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("At-Work")]
    [InlineData("a%2Fb")]
    [InlineData("a.b")]
    public async Task A_name_that_is_no_plain_word_is_refused(string name)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.ControlAsync(HttpMethod.Put, $"snapshots/{name}");
        Assert.Contains(
            answer.StatusCode,
            new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed }
        );
        Assert.Empty((await server.ControlledAsync(HttpMethod.Get, "snapshots"))["value"]!.AsArray());
    }

    [Fact]
    public async Task A_damaged_snapshot_is_not_there()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ControlledAsync(HttpMethod.Put, "snapshots/one");
        var file = Assert.Single(
            System.IO.Directory.GetFiles(Path.Combine(server.Graph.Options.DataDirectory, "snapshots"))
        );
        var bytes = await File.ReadAllBytesAsync(file, Cancel);
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancel);
        await server.ControlAsync(HttpMethod.Post, "snapshots/one/restore").RefusedAsync(HttpStatusCode.NotFound);
        Assert.Null(server.Node.Fault);
    }

    [Fact]
    public async Task A_seed_file_adds_people_or_takes_the_place_of_everything()
    {
        await using var server = await RunningServer.StartAsync();
        var people = server.Graph.Board.People;
        var seed = ProjectFiles.Read("src/OpenPresence.Server/Seed/demo.seed.jsonc");
        var again = await PostSeedAsync(server, "seed", seed);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(people, server.Graph.Board.People);

        const string small = """
            { "tenants": [ { "id": "bbbbcccc-0000-dddd-1111-eeee2222ffff", "displayName": "Fabrikam",
              "domains": ["fabrikam.example"], "people": [ { "id": "11111111-2222-3333-4444-555555555555",
              "userPrincipalName": "a@fabrikam.example", "displayName": "A" } ] } ] }
            """;
        Assert.Equal(HttpStatusCode.OK, (await PostSeedAsync(server, "seed", small)).StatusCode);
        Assert.Equal(people + 1, server.Graph.Board.People);
        Assert.Equal(HttpStatusCode.OK, (await PostSeedAsync(server, "seed?replace=true", small)).StatusCode);
        Assert.Equal(1, server.Graph.Board.People);
        Assert.False(server.Graph.Directory.TryGetTenant(RunningServer.DemoTenant, out _));
    }

    [Fact]
    public async Task A_seed_that_does_not_fit_what_is_there_says_so()
    {
        await using var server = await RunningServer.StartAsync();
        var seed = """
            {"tenants":[{"id":"99990000-0000-cccc-1111-dddd2222eeee","displayName":"Other","domains":["contoso.example"]}]}
            """;
        using var answer = await PostSeedAsync(server, "seed", seed);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("DomainTaken", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_with_faults_changes_nothing_and_names_their_lines()
    {
        await using var server = await RunningServer.StartAsync();
        var before = server.Node.State.Position;
        using var answer = await PostSeedAsync(server, "seed?replace=true", "{\n  \"tenant\": []\n}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("(2,", text, StringComparison.Ordinal);
        Assert.Equal(before, server.Node.State.Position);
    }

    private static Task<HttpResponseMessage> PostSeedAsync(RunningServer server, string path, string seed) =>
        server.Client.PostAsync($"/control/{path}", new StringContent(seed, Encoding.UTF8, "application/json"), Cancel);
}
