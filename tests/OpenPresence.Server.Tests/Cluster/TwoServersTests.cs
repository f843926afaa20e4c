using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Cluster;

/// <summary>
/// Two whole servers on one database, and each step of a client on the other one, as a balancer that goes round sends it:
/// what one handed out counts on the other at once.
/// </summary>
public sealed class TwoServersTests(SharedPostgres shared) : IAsyncDisposable
{
    private const string Mara = "mara.lindqvist@contoso.example";
    private static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    );

    private readonly InProcessNodes nodes = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_database_is_seeded_once_by_nodes_that_start_together()
    {
        var connection = await shared.CreateDatabaseAsync();
        await Task.WhenAll(nodes.StartAsync(connection, "a"), nodes.StartAsync(connection, "b"));
        var seeded = nodes.Hosts[0].Node.State.Position;
        await nodes.Hosts[1].Node.CatchUpAsync(Cancel);

        Assert.Equal(nodes.Hosts[0].Node.State.Board.People, nodes.Hosts[1].Node.State.Board.People);
        Assert.NotEmpty(nodes.Hosts[1].Node.State.SeedHash);
        var again = await nodes.StartAsync(connection, "c");
        Assert.InRange(nodes.Hosts[again].Node.State.Position, seeded, seeded + MovesMax);
        var report = await nodes.Clients[again].GetStringAsync("/health/ready", Cancel);
        Assert.StartsWith("ok\nnode: c\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_token_of_one_node_is_good_on_the_other_at_once()
    {
        await StartTwoAsync();
        var (token, refresh) = await InProcessNodes.TokensAsync(
            nodes.Clients[0],
            ("grant_type", "password"),
            ("username", Mara),
            ("password", "demo")
        );
        for (var turn = 1; turn <= 10; turn++)
        {
            (token, refresh) = await InProcessNodes.TokensAsync(
                nodes.Clients[turn % 2],
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh)
            );
        }
        using var answer = await InProcessNodes.SendAsync(nodes.Clients[1], HttpMethod.Get, "/v1.0/me/presence", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_one_node_revoked_is_refused_by_the_other_at_once_and_a_new_sign_in_is_good_on_both()
    {
        await StartTwoAsync();
        for (var turn = 0; turn < 10; turn++)
        {
            var (one, other) = (nodes.Clients[turn % 2], nodes.Clients[(turn + 1) % 2]);
            var (_, refresh) = await SignInAsync(one);
            using var revoked = await one.PostAsync("/control/tokens/revoke", JsonContent.Create(new { }), Cancel);
            Assert.True(revoked.IsSuccessStatusCode, await revoked.Content.ReadAsStringAsync(Cancel));
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => RefreshAsync(other, refresh));
            Assert.Contains("AADSTS70000", refused.Message, StringComparison.Ordinal);

            (_, refresh) = await SignInAsync(other);
            await RefreshAsync(one, refresh);
        }

        static Task<(string Token, string Refresh)> SignInAsync(HttpClient client) =>
            InProcessNodes.TokensAsync(client, ("grant_type", "password"), ("username", Mara), ("password", "demo"));

        static Task<(string Token, string Refresh)> RefreshAsync(HttpClient client, string refresh) =>
            InProcessNodes.TokensAsync(client, ("grant_type", "refresh_token"), ("refresh_token", refresh));
    }

    [Fact]
    public async Task A_live_ticket_of_one_node_opens_a_stream_on_the_other()
    {
        await StartTwoAsync();
        var (token, _) = await InProcessNodes.TokensAsync(
            nodes.Clients[0],
            ("grant_type", "password"),
            ("username", Mara),
            ("password", "demo")
        );
        using var issued = await InProcessNodes.SendAsync(nodes.Clients[0], HttpMethod.Post, "/live/tickets", token);
        var ticket = await MemberAsync(issued, "ticket");
        using var stream = await nodes
            .Clients[1]
            .GetAsync($"/live/presences?ticket={ticket}", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using var again = await nodes.Clients[1].GetAsync($"/live/presences?ticket={ticket}", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task A_photo_that_one_node_took_is_shown_by_the_other_after_that_one_is_gone()
    {
        await StartTwoAsync();
        var (token, _) = await InProcessNodes.TokensAsync(
            nodes.Clients[0],
            ("grant_type", "password"),
            ("username", Mara),
            ("password", "demo"),
            ("scope", "https://graph.microsoft.com/User.ReadWrite https://graph.microsoft.com/User.Read offline_access")
        );
        using var content = new ByteArrayContent(Picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var put = await InProcessNodes.SendAsync(
            nodes.Clients[0],
            HttpMethod.Put,
            "/v1.0/me/photo/$value",
            token,
            content
        );
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        await nodes.Hosts[1].Node.CatchUpAsync(Cancel);
        await nodes.RemoveAsync(0);
        using var got = await InProcessNodes.SendAsync(
            nodes.Clients[1],
            HttpMethod.Get,
            "/v1.0/me/photo/$value",
            token
        );
        Assert.True(got.IsSuccessStatusCode, await got.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(Picture, await got.Content.ReadAsByteArrayAsync(Cancel));
    }

    public ValueTask DisposeAsync() => nodes.DisposeAsync();

    /// <summary>Entries that a start may add: a tick, and positions that are delivered.</summary>
    private const int MovesMax = 10;

    private async Task StartTwoAsync()
    {
        var connection = await shared.CreateDatabaseAsync();
        await nodes.StartAsync(connection, "a");
        await nodes.StartAsync(connection, "b");
    }

    private static async Task<string> MemberAsync(HttpResponseMessage answer, string name)
    {
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return json.GetProperty(name).GetString()!;
    }
}
