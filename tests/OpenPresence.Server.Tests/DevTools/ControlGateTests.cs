using System.Net;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tests.Graph;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlGateTests
{
    private const string Token = "a-token-of-its-own";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "rebound.evil.example")]
    public async Task A_page_of_another_site_changes_nothing(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/control/clock/freeze");
        request.Headers.TryAddWithoutValidation(header, value);
        await server.Client.SendAsync(request, Cancel).RefusedAsync(HttpStatusCode.Forbidden);
        Assert.Null(server.Node.State.Clock.Current.FrozenAt);
    }

    [Fact]
    public async Task Our_own_page_may_use_it()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/control/clock/freeze");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Origin", server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var answer = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_token_of_its_own_nothing_goes_without_it()
    {
        await using var server = await RunningServer.StartAsync(options => options with { ControlToken = Token });
        var error = await Refused.WithAsync(RefusalKind.ControlForbidden, server.ControlAsync(HttpMethod.Get, "clock"));
        Assert.Contains("controlToken", (string?)error["message"], StringComparison.Ordinal);
        foreach (var wrong in new[] { Token + "x", Token[..^1], "" })
        {
            using var other = await server.SendAsync(HttpMethod.Get, "/control/clock", wrong + "?");
            Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        }
        using var right = await server.SendAsync(HttpMethod.Get, "/control/clock", Token);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.DoesNotContain(server.Log.All, line => line.Contains(Token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Profile.Production, null, false)]
    [InlineData(Profile.Production, Token, true)]
    [InlineData(Profile.Development, null, true)]
    public void In_production_there_is_none_unless_it_has_a_token(Profile profile, string? token, bool isOpen)
    {
        var options = new ServerOptions { Profile = profile, ControlToken = token };
        Assert.Equal(isOpen, options.HasControl);
    }

    [Fact]
    public async Task What_there_is_is_listed_and_what_there_is_not_is_said()
    {
        await using var server = await RunningServer.StartAsync();
        var routes = (await server.ControlledAsync(HttpMethod.Get, ""))["routes"]!.AsArray();
        Assert.Contains(routes, route => (string)route!["path"]! == "/control/clock/advance");
        await server.ControlAsync(HttpMethod.Get, "clocks").RefusedAsync(HttpStatusCode.NotFound);
        using var wrong = await server.ControlAsync(HttpMethod.Put, "clock");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["GET"], wrong.Content.Headers.Allow);
    }
}
