using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenPresence.Server.Hosting;
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

    private readonly string folder = System
        .IO.Directory.CreateTempSubdirectory("openpresence-")
        .FullName;
    private readonly List<ServerHost> hosts = [];
    private readonly List<HttpClient> clients = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_database_is_seeded_once_by_nodes_that_start_together()
    {
        var connection = await shared.CreateDatabaseAsync();
        await Task.WhenAll(StartAsync(connection, "a"), StartAsync(connection, "b"));
        var seeded = hosts[0].Node.State.Position;
        await hosts[1].Node.CatchUpAsync(Cancel);

        Assert.Equal(hosts[0].Node.State.Board.People, hosts[1].Node.State.Board.People);
        Assert.NotEmpty(hosts[1].Node.State.SeedHash);
        var again = await StartAsync(connection, "c");
        Assert.InRange(hosts[again].Node.State.Position, seeded, seeded + MovesMax);
        var report = await clients[again].GetStringAsync("/health/ready", Cancel);
        Assert.StartsWith("ok\nnode: c\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_token_of_one_node_is_good_on_the_other_at_once()
    {
        await StartTwoAsync();
        var (token, refresh) = await TokensAsync(
            clients[0],
            ("grant_type", "password"),
            ("username", Mara),
            ("password", "demo")
        );
        for (var turn = 1; turn <= 10; turn++)
        {
            (token, refresh) = await TokensAsync(
                clients[turn % 2],
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh)
            );
        }
        using var answer = await SendAsync(clients[1], HttpMethod.Get, "/v1.0/me/presence", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_live_ticket_of_one_node_opens_a_stream_on_the_other()
    {
        await StartTwoAsync();
        var (token, _) = await TokensAsync(
            clients[0],
            ("grant_type", "password"),
            ("username", Mara),
            ("password", "demo")
        );
        using var issued = await SendAsync(clients[0], HttpMethod.Post, "/live/tickets", token);
        var ticket = await MemberAsync(issued, "ticket");
        using var stream = await clients[1]
            .GetAsync(
                $"/live/presences?ticket={ticket}",
                HttpCompletionOption.ResponseHeadersRead,
                Cancel
            );
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using var again = await clients[1].GetAsync($"/live/presences?ticket={ticket}", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task A_photo_that_one_node_took_is_shown_by_the_other()
    {
        await StartTwoAsync();
        var (token, _) = await TokensAsync(
            clients[0],
            ("grant_type", "password"),
            ("username", Mara),
            ("password", "demo"),
            (
                "scope",
                "https://graph.microsoft.com/User.ReadWrite https://graph.microsoft.com/User.Read offline_access"
            )
        );
        using var content = new ByteArrayContent(Picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var put = await SendAsync(
            clients[0],
            HttpMethod.Put,
            "/v1.0/me/photo/$value",
            token,
            content
        );
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        await hosts[1].Node.CatchUpAsync(Cancel);
        using var got = await SendAsync(clients[1], HttpMethod.Get, "/v1.0/me/photo/$value", token);
        Assert.True(got.IsSuccessStatusCode, await got.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(Picture, await got.Content.ReadAsByteArrayAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
        System.IO.Directory.Delete(folder, recursive: true);
    }

    /// <summary>Entries that a start may add: a tick, and positions that are delivered.</summary>
    private const int MovesMax = 10;

    private async Task StartTwoAsync()
    {
        var connection = await shared.CreateDatabaseAsync();
        await StartAsync(connection, "a");
        await StartAsync(connection, "b");
    }

    /// <summary>Starts a node; its number.</summary>
    private async Task<int> StartAsync(string connection, string name)
    {
        var host = await ServerHost.StartAsync(
            new ServerOptions
            {
                HttpPort = 0,
                HttpsPort = -1,
                DataDirectory = Path.Combine(folder, name),
                KeysDirectory = Path.Combine(folder, "keys"),
                NodeName = name,
                Journal = connection,
            },
            TimeProvider.System,
            logging => logging.SetMinimumLevel(LogLevel.None),
            Cancel,
            heedsSignals: false
        );
        lock (hosts)
        {
            hosts.Add(host);
            clients.Add(new HttpClient { BaseAddress = host.Addresses.Http });
            return hosts.Count - 1;
        }
    }

    private static async Task<(string Token, string Refresh)> TokensAsync(
        HttpClient client,
        params (string Name, string Value)[] form
    )
    {
        var fields = form.ToDictionary(one => one.Name, one => one.Value);
        fields.TryAdd("scope", "https://graph.microsoft.com/Presence.Read.All offline_access");
        fields["client_id"] = RunningServer.DemoPublicClient;
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync(
            new Uri($"/{RunningServer.DemoTenant}/oauth2/v2.0/token", UriKind.Relative),
            content,
            Cancel
        );
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return (
            json.RootElement.GetProperty("access_token").GetString()!,
            json.RootElement.GetProperty("refresh_token").GetString()!
        );
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpMethod method,
        string path,
        string token,
        HttpContent? content = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request, Cancel);
    }

    private static async Task<string> MemberAsync(HttpResponseMessage answer, string name)
    {
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return json.GetProperty(name).GetString()!;
    }
}
