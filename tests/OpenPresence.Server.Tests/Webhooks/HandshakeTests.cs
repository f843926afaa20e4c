using System.Net;
using Microsoft.AspNetCore.Http;
using OpenPresence.Server.Webhooks;

namespace OpenPresence.Server.Tests.Webhooks;

/// <summary>Receivers over real sockets: one that is right, and every way to be wrong.</summary>
public sealed class HandshakeTests : IAsyncDisposable
{
    private const string Failed =
        "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.";

    private readonly ManualClock clock = new();
    private readonly ReceiverClient client;
    private readonly Handshake handshake;

    public HandshakeTests()
    {
        var policy = new ReceiverPolicy { AllowsPlainHttp = true, AllowedNetworks = ReceiverPolicy.Loopback };
        client = new ReceiverClient(policy, clock);
        handshake = new Handshake(client);
    }

    /// <summary>How a receiver answers, and what is said of it.</summary>
    public static TheoryData<string, RequestDelegate, string> Wrong =>
        new()
        {
            { "status", WebhookReceiver.Answer(HttpStatusCode.NotFound), $"{Failed} It responded with 404." },
            { "202", http => Echo(http, status: 202), $"{Failed} It responded with 202." },
            { "empty", WebhookReceiver.Answer(HttpStatusCode.OK), Body },
            { "other token", WebhookReceiver.Answer(HttpStatusCode.OK, "Validation: no"), Body },
            { "quoted as JSON", http => Echo(http, around: "\""), Body },
            { "line after it", http => Echo(http, around: "\n"), Body },
            { "still encoded", http => Echo(http, change: Uri.EscapeDataString), Body },
            { "escaped", http => Echo(http, change: text => text.Replace(":", "&#58;")), Body },
            { "upper case", http => Echo(http, change: text => text.ToUpperInvariant()), Body },
            { "html", http => Echo(http, type: "text/html"), $"{Failed} The response must be text/plain." },
            {
                "huge",
                WebhookReceiver.Answer(HttpStatusCode.OK, new string('x', 2_000_000)),
                $"{Failed} The response is too long or no HTTP."
            },
            { "redirect", Redirect, $"{Failed} It responded with 302." },
        };

    private static string Body =>
        "Subscription validation request failed. Response must exactly match validationToken query parameter. "
        + "The body must be the URL-decoded validationToken and nothing else.";

    [Fact]
    public async Task The_decoded_token_as_plain_text_passes()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        Assert.Null(await AskAsync(receiver.Url("/hook?a=b%20c&d=%2F")));
        var asked = Assert.Single(receiver.All);
        Assert.Equal("POST", asked.Method);
        Assert.Equal("text/plain; charset=utf-8", asked.Headers["Content-Type"]);
        Assert.Empty(asked.Body);
        Assert.StartsWith(
            "/hook?a=b%20c&d=%2F&validationToken=Validation%3A%20Testing%20client%20application%20"
                + "reachability%20for%20subscription%20Request-Id%3A%20",
            asked.PathAndQuery
        );
    }

    [Fact]
    public async Task Each_handshake_has_a_token_of_its_own()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await AskAsync(receiver.Url());
        await AskAsync(receiver.Url());
        Assert.Distinct(receiver.All.Select(asked => asked.PathAndQuery));
    }

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task What_is_wrong_with_an_answer_is_said(string what, RequestDelegate answer, string sentence)
    {
        Assert.NotEmpty(what);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Handshake = answer;
        Assert.Equal(sentence, await AskAsync(receiver.Url()));
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task Ten_seconds_are_waited_and_no_longer()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var called = new TaskCompletionSource();
        receiver.Handshake = http =>
        {
            called.SetResult();
            return WebhookReceiver.Never(http);
        };
        var asking = AskAsync(receiver.Url());
        await called.Task;
        clock.Advance(OutgoingLimits.HandshakeTimeout - TimeSpan.FromTicks(1));
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("Subscription validation request timed out.", await asking);
    }

    [Fact]
    public async Task Where_nobody_listens_and_what_may_not_be_called_are_told_apart()
    {
        var receiver = await WebhookReceiver.StartAsync();
        var gone = receiver.Url();
        await receiver.DisposeAsync();
        Assert.Equal($"{Failed} Nobody accepts connections there.", await AskAsync(gone));
        Assert.Equal(
            $"{Failed} Its address may not be called; it must be a public one.",
            await AskAsync(new Uri("http://10.0.0.1/hook"))
        );
    }

    [Fact]
    public void Places_are_limited()
    {
        Assert.All(Enumerable.Range(0, OutgoingLimits.HandshakesMax), _ => Assert.True(handshake.TryEnter()));
        Assert.False(handshake.TryEnter());
        handshake.Leave();
        Assert.True(handshake.TryEnter());
    }

    public ValueTask DisposeAsync()
    {
        handshake.Dispose();
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<string?> AskAsync(Uri url) => handshake.AskAsync(url, TestContext.Current.CancellationToken);

    private static Task Echo(
        HttpContext http,
        int status = 200,
        string type = "text/plain",
        string around = "",
        Func<string, string>? change = null
    )
    {
        string token = http.Request.Query["validationToken"]!;
        var text = around + (change?.Invoke(token) ?? token) + around;
        return WebhookReceiver.Answer((HttpStatusCode)status, text, type)(http);
    }

    private static Task Redirect(HttpContext http)
    {
        http.Response.Redirect("/elsewhere" + http.Request.QueryString);
        return Task.CompletedTask;
    }
}
