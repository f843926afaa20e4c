using System.Net;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlTokensTests
{
    private const string Person = "mara.lindqvist@contoso.example";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_expires_now_is_told_so_and_a_new_one_is_good_at_once()
    {
        await using var server = await RunningServer.StartAsync();
        var (access, refresh) = await SignInAsync(server);
        Assert.Equal(200, await ReadAsync(server, access));
        await server.ControlledAsync(HttpMethod.Post, "tokens/expire");
        using var refused = await server.SendAsync(HttpMethod.Get, "/v1.0/me/presence", access);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var text = await refused.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("Lifetime validation failed, the token is expired.", text, StringComparison.Ordinal);

        // The clock stands still: the new one is of the same second.
        var renewed = await TokenAsync(server, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh });
        Assert.Equal(200, await ReadAsync(server, (string)renewed["access_token"]!));
        Assert.Equal(401, await ReadAsync(server, access));
    }

    [Fact]
    public async Task A_revoked_person_signs_in_again_and_others_go_on()
    {
        await using var server = await RunningServer.StartAsync();
        var (access, refresh) = await SignInAsync(server);
        var application = await server.ApplicationTokenAsync("Presence.Read.All");
        await server.ShowsAsync(application, RunningServer.Someone);
        Assert.Equal(200, await ReadAsync(server, access));
        await server.ControlledAsync(HttpMethod.Post, "tokens/revoke", new { userId = RunningServer.Someone });
        Assert.Equal(401, await ReadAsync(server, access));
        var renewed = await TokenAsync(server, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh });
        Assert.Equal("invalid_grant", (string?)renewed["error"]);
        await server.ShowsAsync(application, RunningServer.Someone);
        var (again, _) = await SignInAsync(server);
        Assert.Equal(200, await ReadAsync(server, again));
    }

    [Fact]
    public async Task A_token_that_was_never_seen_ends_when_it_is_older_than_issuers_put_back()
    {
        await using var server = await RunningServer.StartAsync();
        var (access, _) = await SignInAsync(server);
        await server.AdvanceAsync(TimeSpan.FromMinutes(6));
        var (young, _) = await SignInAsync(server);
        await server.ControlledAsync(
            HttpMethod.Post,
            "tokens/expire",
            new { applicationId = RunningServer.DemoPublicClient }
        );
        Assert.Equal(401, await ReadAsync(server, access));
        Assert.Equal(200, await ReadAsync(server, young));
    }

    [Theory]
    [InlineData("""{"userId":"mara"}""")]
    [InlineData("""{"user":"fa8bf3dc-eca7-46b7-bad1-db199b62afc3"}""")]
    public async Task What_cannot_be_read_ends_no_token(string body)
    {
        await using var server = await RunningServer.StartAsync();
        var (access, _) = await SignInAsync(server);
        await server
            .ControlAsync(HttpMethod.Post, "tokens/revoke", JsonNode.Parse(body))
            .RefusedAsync(HttpStatusCode.BadRequest);
        Assert.Equal(200, await ReadAsync(server, access));
    }

    private static async Task<int> ReadAsync(RunningServer server, string token)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, "/v1.0/me/presence", token);
        return (int)answer.StatusCode;
    }

    private static async Task<(string Access, string Refresh)> SignInAsync(RunningServer server)
    {
        var answer = await TokenAsync(
            server,
            new()
            {
                ["grant_type"] = "password",
                ["username"] = Person,
                ["password"] = "demo",
            }
        );
        return ((string)answer["access_token"]!, (string)answer["refresh_token"]!);
    }

    private static async Task<JsonNode> TokenAsync(RunningServer server, Dictionary<string, string> fields)
    {
        fields["client_id"] = RunningServer.DemoPublicClient;
        fields["scope"] = "https://graph.microsoft.com/Presence.Read offline_access openid profile";
        using var form = new FormUrlEncodedContent(fields);
        var address = new Uri($"/{RunningServer.DemoTenant}/oauth2/v2.0/token", UriKind.Relative);
        using var answer = await server.Client.PostAsync(address, form, Cancel);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
    }
}
