using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Batch;
using OpenPresence.Server.Photos;

namespace OpenPresence.Server.Tests.Graph.Batch;

public sealed class PostBatchTests
{
    private static readonly string[] Scopes = ["Presence.Read", "Presence.ReadWrite", "User.Read", "User.ReadWrite"];

    [Fact]
    public async Task Each_request_counts_against_the_limit_and_the_batch_itself_does_not()
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                ThrottleRequestsPer30Seconds = 5,
            }
        );
        var answers = await SendAsync(server, Enumerable.Range(1, 7).Select(Read));

        Assert.Equal([200, 200, 200, 200, 200, 429, 429], Statuses(answers));
        Assert.Equal("30", (string?)answers[6]!["headers"]!["Retry-After"]);
        Assert.Equal("TooManyRequests", (string?)answers[6]!["body"]!["error"]!["code"]);
        // A batch passes although the limit is reached: what it holds is refused.
        Assert.Equal([429], Statuses(await SendAsync(server, [Read(1)])));
    }

    [Fact]
    public async Task A_malformed_batch_counts_as_one_request()
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                ThrottleRequestsPer30Seconds = 2,
            }
        );
        const string malformed = """{"requests":{}}""";
        await Refused.WithAsync(RefusalKind.BadRequest, PostAsync(server, malformed));
        await Refused.WithAsync(RefusalKind.BadRequest, PostAsync(server, malformed));
        await Refused.WithAsync(RefusalKind.Throttled, PostAsync(server, malformed));
    }

    [Fact]
    public async Task What_the_batch_decides_is_not_for_a_request_inside_to_say()
    {
        await using var server = await RunningServer.StartAsync();
        var read = Read(1);
        read["headers"] = new JsonObject { ["Host"] = "microsoftgraph.chinacloudapi.cn", ["Content-Length"] = "7" };
        var answer = Assert.Single(await SendAsync(server, [read]));
        // In China presence is unknown; and the context would name that host.
        Assert.Equal(200, (int?)answer!["status"]);
        Assert.StartsWith("http://localhost:", (string?)answer["body"]!["@odata.context"]);
    }

    [Fact]
    public async Task Every_write_of_a_batch_is_carried_out()
    {
        await using var server = await RunningServer.StartAsync();
        var before = server.Node.State.Position;
        var writes = Enumerable.Range(1, 20).Select(i => Write(i, "setStatusMessage", Message(i)));
        Assert.All(Statuses(await SendAsync(server, writes)), status => Assert.Equal(200, status));
        Assert.Equal(before + 20, server.Node.State.Position);
    }

    [Fact]
    public async Task A_chain_is_carried_out_from_its_first_to_its_last()
    {
        await using var server = await RunningServer.StartAsync();
        var chain = Enumerable
            .Range(1, 20)
            .Select(i =>
            {
                var write = Write(i, "setStatusMessage", Message(i));
                if (i > 1)
                {
                    write["dependsOn"] = new JsonArray($"{i - 1}");
                }
                return write;
            });
        await SendAsync(server, chain.Reverse());
        var after = await SendAsync(server, [Read(1)]);
        Assert.Equal("20", (string?)after[0]!["body"]!["statusMessage"]!["message"]!["content"]);
    }

    [Theory]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"//example.org/me"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"%24BATCH/"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"/me%00"}]}""")]
    [InlineData("""{"requests":[{"id":1,"method":"GET","url":"/me"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"/me","headers":[]}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"/me","headers":{"a":1}}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"/me","dependsOn":"2"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"/me","dependsOn":[2]}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"/me","dependsOn":["1"]}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"/me","atomicityGroup":"g"}]}""")]
    [InlineData("""{"requests":[{"id":"1","id":"2","method":"GET","url":"/me"}]}""")]
    [InlineData("""{"requests":[{"id":"\ud800","method":"GET","url":"/me"}]}""")]
    [InlineData("""{"requests":[7]}""")]
    public async Task A_batch_that_cannot_be_meant_is_refused(string body)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await PostAsync(server, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "Invalid batch payload format.",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task An_answer_that_finds_no_room_is_refused_by_itself()
    {
        var room = new AnswerRoom(bytes: 10);
        var small = new ItemAnswer(room, CancellationToken.None);
        var large = new ItemAnswer(room, CancellationToken.None);
        await small.Stream.WriteAsync(new byte[8], TestContext.Current.CancellationToken);
        await large.Stream.WriteAsync(new byte[3], TestContext.Current.CancellationToken);

        Assert.False(small.IsTooLarge);
        Assert.True(large.IsTooLarge);
        Assert.Equal((8, 0), (small.Body.Length, large.Body.Length));
    }

    [Fact]
    public async Task The_answers_of_a_batch_are_limited_together()
    {
        await using var server = await RunningServer.StartAsync();
        using var picture = new ByteArrayContent(LargestPicture());
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        var token = await server.PersonTokenAsync(RunningServer.Someone, Scopes);
        using var put = await server.SendAsync(HttpMethod.Put, "/v1.0/me/photo/$value", token, picture);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        const int fitting = BatchRun.AnswerBytesMax / PhotoFiles.BytesMax;
        var chain = Enumerable
            .Range(1, fitting + 1)
            .Select(id =>
            {
                var read = Read(id);
                read["url"] = "/me/photo/$value";
                read["dependsOn"] = id == 1 ? null : new JsonArray($"{id - 1}");
                return read;
            });

        var answers = await SendAsync(server, chain);

        Assert.Equal([.. Enumerable.Repeat(200, fitting), 507], Statuses(answers));
        Refused.With(RefusalKind.AnswerTooLarge, 507, answers[fitting]!["body"]!);
    }

    /// <summary>A JPEG of one frame whose bytes are as many as a photo may have.</summary>
    private static byte[] LargestPicture()
    {
        var bytes = new byte[PhotoFiles.BytesMax];
        byte[] start = [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 64, 0, 64];
        start.CopyTo(bytes, 0);
        return bytes;
    }

    [Fact]
    public async Task A_URL_below_this_servers_own_address_is_read_as_relative()
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                PublicUrl = new Uri("https://presence.example/"),
            }
        );
        var asked = server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var answers = await SendAsync(
            server,
            [
                Read(1, $"{asked}/v1.0/me/presence"),
                Read(2, $"{asked}/v1.0/communications/presences?$select=id"),
                Read(3, "https://presence.example/v1.0/me/presence"),
                Read(4, "https://presence.example/me/presence"),
            ]
        );
        Assert.Equal([200, 200, 200, 200], Statuses(answers));
        Assert.Equal(RunningServer.Someone, (string?)answers[1]!["body"]!["value"]![0]!["id"]);
    }

    [Fact]
    public async Task A_URL_of_the_same_host_by_another_port_leads_elsewhere()
    {
        await using var server = await RunningServer.StartAsync();
        var body = new JsonObject { ["requests"] = new JsonArray(Read(1, "http://localhost:1/v1.0/me/presence")) };
        using var answer = await PostAsync(server, body.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "localhost:1",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private static JsonObject Read(int id) => Read(id, "/me/presence");

    private static JsonObject Read(int id, string url) =>
        new()
        {
            ["id"] = $"{id}",
            ["method"] = "GET",
            ["url"] = url,
        };

    private static JsonObject Write(int id, string action, JsonObject body) =>
        new()
        {
            ["id"] = $"{id}",
            ["method"] = "POST",
            ["url"] = $"/me/presence/{action}",
            ["headers"] = new JsonObject { ["Content-Type"] = "application/json" },
            ["body"] = body,
        };

    private static JsonObject Message(int number) =>
        new()
        {
            ["statusMessage"] = new JsonObject
            {
                ["message"] = new JsonObject { ["content"] = $"{number}", ["contentType"] = "text" },
            },
        };

    private static async Task<JsonArray> SendAsync(RunningServer server, IEnumerable<JsonObject> requests)
    {
        var body = new JsonObject { ["requests"] = new JsonArray([.. requests]) };
        using var answer = await PostAsync(server, body.ToJsonString());
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!["responses"]!.AsArray();
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await server.SendAsync(
            HttpMethod.Post,
            "/v1.0/$batch",
            await server.PersonTokenAsync(RunningServer.Someone, Scopes),
            content
        );
    }

    private static IEnumerable<int> Statuses(JsonArray answers) =>
        answers.Select(answer => answer!["status"]!.GetValue<int>());
}
