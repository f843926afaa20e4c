using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Streaming;
using OpenPresence.Server.Tests.Cluster;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>Two nodes behind nginx as docs/operations.md sets it up, for what is longer than a request and its answer.</summary>
public sealed partial class BalancerTests(SharedPostgres shared)
{
    private const string Viktor = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88"; // nothing is known of him
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_live_stream_tells_of_both_nodes_and_goes_on_where_it_broke_when_its_node_stops()
    {
        await using var nodes = await ServedNodes.StartAsync(await shared.CreateDatabaseAsync(), count: 2);
        await using var balancer = await RoundRobin.StartAsync(nodes.Ports);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(WaitMax);
        using var http = await ClientAsync(balancer.Address);

        await using var first = await ListenAsync(http, "", limit.Token);
        await first.UntilAsync(told => told.EventType == "ready");
        await WriteAsync(nodes.Address(0), "InACall");
        await first.UntilAsync(Shows("InACall"));
        await WriteAsync(nodes.Address(1), "Presenting");
        await first.UntilAsync(Shows("Presenting"));

        var serving = await StreamsAsync(nodes.Address(0)) == 1 ? 0 : 1;
        var other = 1 - serving;
        Assert.Equal((1, 0), (await StreamsAsync(nodes.Address(serving)), await StreamsAsync(nodes.Address(other))));
        await nodes.StopAsync(serving);
        await first.UntilAsync(told =>
            told is { EventType: "end", Data: var why } && why.Contains("serverStopping", StringComparison.Ordinal)
        );
        await WriteAsync(nodes.Address(other), "InAConferenceCall"); // nobody listens meanwhile

        await using var second = await ListenAsync(http, first.LastId, limit.Token);
        var missed = await second.UntilAsync(Shows("InAConferenceCall"));
        Assert.DoesNotContain(missed, told => told.EventType is "resync" or "ready");
        await nodes.StartAsync(serving);
        await WriteAsync(nodes.Address(serving), "Away");
        await second.UntilAsync(Shows("Away"));
        Assert.Equal(1, await StreamsAsync(nodes.Address(other)));
    }

    [Fact]
    public async Task What_is_as_long_as_it_may_be_gets_through()
    {
        await using var nodes = await ServedNodes.StartAsync(await shared.CreateDatabaseAsync(), count: 2);
        await using var balancer = await RoundRobin.StartAsync(nodes.Ports);
        using var http = await ClientAsync(balancer.Address);
        var ids = Enumerable.Range(0, LiveLimits.IdsMax).Select(_ => Guid.NewGuid()).ToArray();

        using var stream = await http.GetAsync(
            $"/live/presences?state=false&ids={string.Join(',', ids)}",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        var filter = Uri.EscapeDataString($"id in ({string.Join(',', ids.Select(id => $"'{id}'"))})");
        using var list = await http.GetAsync(
            $"/v1.0/communications/presences?$filter={filter}",
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);

        var picture = LargePicture();
        var (token, _) = await InProcessNodes.TokensAsync(
            http,
            ("grant_type", "password"),
            ("username", "mara.lindqvist@contoso.example"),
            ("password", "demo"),
            ("scope", "https://graph.microsoft.com/User.ReadWrite https://graph.microsoft.com/User.Read offline_access")
        );
        using var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var put = await InProcessNodes.SendAsync(http, HttpMethod.Put, "/v1.0/me/photo/$value", token, content);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/me/photo/$value");
        request.Headers.Authorization = new("Bearer", token);
        var written = Assert.Single(put.Headers.GetValues(AnsweredSequence.Header));
        request.Headers.Add(AwaitedSequence.Header, $"{AwaitedSequence.Name}={written}; wait=10");
        using var got = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(picture, await got.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A client of the demo application, which may do everything.</summary>
    private static async Task<HttpClient> ClientAsync(Uri address)
    {
        var http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = RunningServer.DemoApplication,
                ["client_secret"] = "demo-secret",
                ["scope"] = "https://graph.microsoft.com/.default",
            }
        );
        using var answer = await http.PostAsync(
            $"/{RunningServer.DemoTenant}/oauth2/v2.0/token",
            form,
            TestContext.Current.CancellationToken
        );
        http.DefaultRequestHeaders.Authorization = new("Bearer", await MemberAsync(answer, "access_token"));
        return http;
    }

    private static async Task WriteAsync(Uri node, string activity)
    {
        using var http = await ClientAsync(node);
        using var answer = await http.PostAsJsonAsync(
            $"/v1.0/users/{Viktor}/presence/setPresence",
            new
            {
                sessionId = RunningServer.DemoApplication,
                availability = activity switch
                {
                    "Presenting" => "DoNotDisturb",
                    "Away" => "Away",
                    _ => "Busy",
                },
                activity,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>As a browser does: with a ticket, which another node may have given than the one that takes it.</summary>
    private static async Task<Listener> ListenAsync(HttpClient http, string lastId, CancellationToken cancel)
    {
        using var issued = await http.PostAsync("/live/tickets", content: null, cancel);
        var ticket = await MemberAsync(issued, "ticket");
        var place = lastId.Length == 0 ? "" : $"&lastEventId={lastId}";
        var anonymous = new HttpClient { BaseAddress = http.BaseAddress };
        var content = await anonymous.GetStreamAsync($"/live/presences?ids={Viktor}&ticket={ticket}{place}", cancel);
        return new Listener(anonymous, content, cancel);
    }

    private static Func<SseItem<string>, bool> Shows(string activity) =>
        told =>
            told.EventType == "presence"
            && told.Data.Contains($"\"activity\":\"{activity}\"", StringComparison.Ordinal);

    /// <summary>How many streams are open on a node.</summary>
    private static async Task<int> StreamsAsync(Uri node)
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(node, "/metrics"), TestContext.Current.CancellationToken);
        return int.Parse(OpenStreams().Match(metrics).Groups["count"].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<string> MemberAsync(HttpResponseMessage answer, string name)
    {
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return json.GetProperty(name).GetString()!;
    }

    /// <summary>Longer than what proxies let through by themselves, and a picture by its first bytes.</summary>
    private static byte[] LargePicture()
    {
        var bytes = new byte[3 << 20];
        new Random(1).NextBytes(bytes);
        byte[] head = [0x89, .. "PNG\r\n\u001a\n"u8, .. "\0\0\0\rIHDR"u8, .. new byte[] { 0, 0, 2, 0, 0, 0, 2, 0 }];
        head.CopyTo(bytes, 0);
        return bytes;
    }

    [GeneratedRegex(
        @"^openpresence_live_streams(\{[^}]*\})? (?<count>\d+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex OpenStreams();

    /// <summary>An open stream, read event by event.</summary>
    private sealed class Listener(HttpClient client, Stream content, CancellationToken cancel) : IAsyncDisposable
    {
        private readonly SseParser<string> parser = SseParser.Create(content);
        private IAsyncEnumerator<SseItem<string>>? events;

        public string LastId { get; private set; } = "";

        /// <summary>Everything that is told up to what is waited for.</summary>
        public async Task<List<SseItem<string>>> UntilAsync(Func<SseItem<string>, bool> isIt)
        {
            events ??= parser.EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
            var told = new List<SseItem<string>>();
            do
            {
                Assert.True(await events.MoveNextAsync(), $"it ended after {Text(told)}");
                told.Add(events.Current);
                LastId = parser.LastEventId;
            } while (!isIt(events.Current));
            return told;
        }

        public async ValueTask DisposeAsync()
        {
            await (events?.DisposeAsync() ?? ValueTask.CompletedTask);
            await content.DisposeAsync();
            client.Dispose();
        }

        private static string Text(IEnumerable<SseItem<string>> told) =>
            string.Join(' ', told.Select(one => $"{one.EventType}: {one.Data}"));
    }
}
