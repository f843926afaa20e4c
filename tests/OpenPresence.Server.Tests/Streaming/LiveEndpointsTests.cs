using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using OpenPresence.Server.Streaming;

namespace OpenPresence.Server.Tests.Streaming;

/// <summary>The stream over HTTP: who may open it, how, and how it ends.</summary>
public sealed class LiveEndpointsTests
{
    private const string Stream = "/live/presences";
    private const string Other = "47eaa099-2cb6-416d-86dc-283cf0480ff9";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_set_presence_is_heard_by_who_listens()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        var events = await OpenAsync(server, $"{Stream}?ids={RunningServer.Someone}", token);
        Assert.Equal("presence Busy/InAMeeting", await NextAsync(events));
        Assert.Equal("ready", await NextAsync(events));
        // Below what is shown, so there is nothing to tell.
        await SetAsync(server, token, RunningServer.Someone, "Away", "Away");
        await SetAsync(server, token, RunningServer.Someone, "DoNotDisturb", "Presenting");
        Assert.Equal("presence DoNotDisturb/Presenting", await NextAsync(events));
    }

    [Fact]
    public async Task The_answer_says_that_it_is_a_stream_that_nobody_should_keep()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        using var answer = await SendAsync(server, Stream, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.True(answer.Headers.Contains("request-id"));
    }

    [Theory]
    [InlineData("?id=1", "id")]
    [InlineData("?ids=", "ids")]
    [InlineData("?ids=adele", "ids")]
    [InlineData("?ids=" + Other + "&ids=" + Other, "ids")]
    [InlineData("?state=perhaps", "state")]
    [InlineData("?lastEventId=latest", "lastEventId")]
    [InlineData("?access_token=eyJ", "access_token")]
    public async Task A_parameter_that_cannot_be_read_is_named(string query, string target)
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        using var answer = await SendAsync(server, Stream + query, token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel);
        Assert.Equal(target, (string?)error!["error"]!["target"]);
    }

    [Fact]
    public async Task More_ids_than_a_bulk_read_takes_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var ids = string.Join(',', Enumerable.Range(1, LiveLimits.IdsMax + 1).Select(LiveUnderTest.PersonOf));
        using var answer = await SendAsync(server, $"{Stream}?ids={ids}", token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Who_may_read_oneself_alone_hears_of_oneself_alone()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.PersonTokenAsync(RunningServer.Someone, "Presence.Read");
        var events = await OpenAsync(server, Stream, token);
        Assert.Equal("presence Busy/InAMeeting", await NextAsync(events));
        Assert.Equal("ready", await NextAsync(events));
        using var others = await SendAsync(server, $"{Stream}?ids={Other}", token);
        Assert.Equal(HttpStatusCode.Forbidden, others.StatusCode);
        var body = await others.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("\"code\":\"Presence.Read.All\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_or_permission_nothing_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        using var nobody = await SendAsync(server, Stream, null);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        var token = await server.ApplicationTokenAsync("User.Read.All");
        using var stranger = await SendAsync(server, Stream, token);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
        using var ticket = await server.SendAsync(HttpMethod.Post, "/live/tickets", token);
        Assert.Equal(HttpStatusCode.Forbidden, ticket.StatusCode);
    }

    [Fact]
    public async Task Another_method_is_refused_and_a_browser_may_ask_first()
    {
        await using var server = await RunningServer.StartAsync();
        using var wrong = await server.SendAsync(HttpMethod.Delete, Stream, null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["GET", "OPTIONS"], wrong.Content.Headers.Allow);
        using var asked = new HttpRequestMessage(HttpMethod.Options, Stream);
        asked.Headers.Add("Origin", "http://elsewhere.example");
        asked.Headers.Add("Access-Control-Request-Method", "GET");
        asked.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var answer = await server.Client.SendAsync(asked, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_ticket_opens_one_stream_within_half_a_minute()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var ticket = await TicketAsync(server, token);
        var events = await OpenAsync(server, $"{Stream}?state=true&ticket={ticket}", null);
        Assert.StartsWith("presence", await NextAsync(events), StringComparison.Ordinal);
        using var again = await SendAsync(server, $"{Stream}?ticket={ticket}", null);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);

        var old = await TicketAsync(server, token);
        server.Clock.Advance(TimeSpan.FromSeconds(LiveLimits.TicketSeconds));
        using var late = await SendAsync(server, $"{Stream}?ticket={old}", null);
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
    }

    [Fact]
    public async Task A_person_who_is_disabled_is_told_nothing_more()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.PersonTokenAsync(RunningServer.Someone, "Presence.Read");
        var events = await OpenAsync(server, $"{Stream}?state=false", token);
        Assert.True(server.Graph.Directory.TryGetPerson(Guid.Parse(RunningServer.Someone), out var person));
        await server.Node.ExecuteAsync(
            new OpenPresence.Server.State.Directory.PersonUpserted(person with { AccountEnabled = false })
        );
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("end", events.Current.EventType);
        Assert.Contains("tokenRevoked", events.Current.Data, StringComparison.Ordinal);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_server_that_stops_says_so_and_does_not_wait_for_its_streams()
    {
        var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        using var answer = await SendAsync(server, $"{Stream}?state=false", token);
        await using var events = Events(await answer.Content.ReadAsStreamAsync(Cancel));
        var next = events.MoveNextAsync();
        var stopped = server.DisposeAsync().AsTask();
        Assert.True(await next.AsTask().WaitAsync(Eventually.Limit, Cancel));
        Assert.Equal("end", events.Current.EventType);
        Assert.Contains("serverStopping", events.Current.Data, StringComparison.Ordinal);
        await stopped.WaitAsync(Eventually.Limit, Cancel);
    }

    [Fact]
    public async Task No_token_reaches_the_log()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        using var opened = await SendAsync(server, Stream, token);
        using var refused = await SendAsync(server, $"{Stream}?ids=x", token);
        Assert.NotEmpty(server.Log.All);
        var signature = token[(token.LastIndexOf('.') + 1)..];
        Assert.DoesNotContain(server.Log.All, line => line.Contains(signature, StringComparison.Ordinal));
    }

    internal static async Task SetAsync(
        RunningServer server,
        string token,
        string person,
        string availability,
        string activity
    )
    {
        var body = new
        {
            availability,
            activity,
            expirationDuration = "PT1H",
        };
        var device = "0b6c1f5e-5a7d-4c38-9f0e-2d1c7a64b3e8";
        using var answer = await server.SendAsync(
            HttpMethod.Put,
            $"/v1.0/users/{person}/presence/devices/{device}",
            token,
            JsonContent.Create(body)
        );
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task<string> TicketAsync(RunningServer server, string token)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/live/tickets", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel);
        Assert.Equal(LiveLimits.TicketSeconds, (int)json!["expiresInSeconds"]!);
        return (string)json["ticket"]!;
    }

    private static async Task<IAsyncEnumerator<SseItem<string>>> OpenAsync(
        RunningServer server,
        string address,
        string? token
    )
    {
        var answer = await SendAsync(server, address, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Events(await answer.Content.ReadAsStreamAsync(Cancel));
    }

    private static IAsyncEnumerator<SseItem<string>> Events(System.IO.Stream stream) =>
        SseParser.Create(stream).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);

    private static async Task<HttpResponseMessage> SendAsync(RunningServer server, string address, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }
        return await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    /// <summary>The next event in short, with the pair of a presence.</summary>
    private static async Task<string> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        var isThere = await events.MoveNextAsync().AsTask().WaitAsync(Eventually.Limit, Cancel);
        Assert.True(isThere);
        var json = JsonNode.Parse(events.Current.Data)!;
        var pair = json["availability"] is { } availability ? $" {availability}/{json["activity"]}" : "";
        return events.Current.EventType + pair;
    }
}
