using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.Graph;

/// <summary>Reading what was written elsewhere: the preference, the wait, and what an answered write tells.</summary>
public sealed class AwaitedSequenceTests
{
    private const string Reading = $"/v1.0/users/{RunningServer.Someone}/presence";

    [Theory]
    [InlineData("openpresence-after=A0000000000450000", 0x450000, 1)]
    [InlineData("openpresence-after=a0000000000450000; wait=3", 0x450000, 3)]
    [InlineData("OpenPresence-After = \"A0000000000450000\" ;wait = 0", 0x450000, 0)]
    [InlineData("return=minimal, wait=7, openpresence-after=A0000000000000000", 0, 7)]
    [InlineData("openpresence-after=A00000000000000FF; wait=3600", 0xFF, 10)]
    [InlineData("openpresence-after=A00000000000000FF; wait=soon", 0xFF, 1)]
    public void A_preference_is_read(string text, long sequence, int seconds)
    {
        Assert.Null(AwaitedSequence.Read(text, out var awaited));
        Assert.Equal(new AwaitedSequence(sequence, TimeSpan.FromSeconds(seconds)), awaited);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wait=5")]
    [InlineData("odata.maxpagesize=50")]
    [InlineData("outlook.timezone=\"Pacific Standard Time\"")]
    public void Other_preferences_ask_for_nothing(string text)
    {
        Assert.Null(AwaitedSequence.Read(text, out var awaited));
        Assert.Null(awaited);
    }

    [Theory]
    [InlineData("")]
    [InlineData("450000")]
    [InlineData("A45")]
    [InlineData("B0000000000450000")]
    [InlineData("A000000000045000G")]
    [InlineData("A+000000000045000")]
    [InlineData("AFFFFFFFFFFFFFFFF")]
    public void What_is_no_sequence_is_refused(string text)
    {
        var refusal = AwaitedSequence.Read($"openpresence-after={text}", out _);
        Assert.Equal(RefusalKind.BadRequest, refusal?.Kind);
    }

    [Fact]
    public void It_may_stand_in_a_header_of_its_own()
    {
        StringValues lines = new(["return=minimal", "openpresence-after=A0000000000010000"]);
        Assert.Null(AwaitedSequence.Read(lines, out var awaited));
        Assert.Equal(0x10000, awaited?.Sequence);
    }

    [Theory]
    [InlineData("GET", Reading, "")]
    [InlineData("POST", "/v1.0/communications/getPresencesByUserId", $$"""{"ids":["{{RunningServer.Someone}}"]}""")]
    [InlineData("GET", "/v1.0/communications/presences?$top=100", "")]
    public async Task A_read_waits_for_a_write_that_is_still_to_come(string method, string path, string body)
    {
        await using var server = await RunningServer.StartAsync();
        var next = Sequence.Text(Sequence.First(server.Node.State.Position + 1));
        var reading = SendAsync(server, method, path, body, $"openpresence-after={next}; wait=10");
        await server.Node.ExecuteAsync(
            new(RunningServer.Someone),
            new Engine.SetStatusMessage("written elsewhere", null)
        );

        using var answer = await reading;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["openpresence-after"], answer.Headers.GetValues("Preference-Applied"));
        Assert.Contains("written elsewhere", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_with_its_time()
    {
        await using var server = await RunningServer.StartAsync();
        var armed = server.Clock.ArmedTimers;
        var reading = SendAsync(server, "GET", Reading, "", "openpresence-after=A7FFFFFFFFFFFFFFF");
        await Eventually.IsSoAsync(() => server.Clock.ArmedTimers > armed);
        server.Clock.Advance(AwaitedSequence.WaitDefault);

        using var answer = await reading;

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
    }

    [Fact]
    public async Task An_item_of_a_batch_waits_for_itself()
    {
        await using var server = await RunningServer.StartAsync();
        const string Batch = $$$"""
            {"requests":[
              {"id":"1","method":"GET","url":"/users/{{{RunningServer.Someone}}}/presence",
               "headers":{"Prefer":"openpresence-after=A7FFFFFFFFFFFFFFF; wait=0"}},
              {"id":"2","method":"GET","url":"/users/{{{RunningServer.Someone}}}/presence"}]}
            """;
        using var answer = await SendAsync(server, "POST", "/v1.0/$batch", Batch, null);
        using var json = JsonDocument.Parse(await TextAsync(answer));
        var statuses = json
            .RootElement.GetProperty("responses")
            .EnumerateArray()
            .ToDictionary(
                item => item.GetProperty("id").GetString()!,
                item => item.GetProperty("status").GetInt32(),
                StringComparer.Ordinal
            );
        Assert.Equal((504, 200), (statuses["1"], statuses["2"]));
    }

    [Fact]
    public async Task A_strict_server_neither_tells_nor_waits()
    {
        await using var server = await RunningServer.StartAsync(options => options with { Strict = true });
        using var written = await SendAsync(
            server,
            "POST",
            $"{Reading}/setStatusMessage",
            """{"statusMessage":{"message":{"content":"as in Graph","contentType":"text"}}}""",
            null
        );
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        Assert.False(written.Headers.Contains(AnsweredSequence.Header));
        using var read = await SendAsync(server, "GET", Reading, "", "openpresence-after=never");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.False(read.Headers.Contains("Preference-Applied"));
    }

    private static async Task<HttpResponseMessage> SendAsync(
        RunningServer server,
        string method,
        string path,
        string body,
        string? preference
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        request.Headers.Authorization = new("Bearer", token);
        if (preference is not null)
        {
            request.Headers.TryAddWithoutValidation(AwaitedSequence.Header, preference);
        }
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, null, "application/json");
        }
        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
