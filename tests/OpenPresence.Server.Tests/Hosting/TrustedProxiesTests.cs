using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Tests.Graph;

namespace OpenPresence.Server.Tests.Hosting;

/// <summary>Whose word about the caller is believed: that of the proxies which the settings name, and no other.</summary>
public sealed class TrustedProxiesTests
{
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task What_a_named_proxy_says_counts(string proxy)
    {
        await using var server = await StartAsync(proxy);
        Assert.Equal("https://presence.example", await RootAsync(server, "https", "presence.example"));
    }

    [Theory]
    [InlineData]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.0/8", "127.0.0.2")]
    public async Task What_anybody_else_says_does_not(params string[] proxies)
    {
        await using var server = await StartAsync(proxies);
        var own = server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.Equal(own, await RootAsync(server, "https", "presence.example"));
    }

    [Theory]
    [InlineData("second.example", "127.0.0.1")]
    [InlineData("first.example", "127.0.0.1", "127.0.0.2")]
    public async Task Of_a_chain_the_word_of_the_outermost_proxy_that_is_named_counts(
        string host,
        params string[] proxies
    )
    {
        await using var server = await StartAsync(proxies);
        var root = await RootAsync(server, "https, https", "first.example, second.example", $"{Outside}, 127.0.0.2");
        Assert.Equal($"https://{host}", root);
    }

    [Fact]
    public async Task A_chain_is_followed_so_far_and_no_further()
    {
        await using var server = await StartAsync("127.0.0.0/8");
        var hops = Enumerable.Range(1, TrustedProxies.ProxiesMax + 2).ToArray();
        var root = await RootAsync(
            server,
            string.Join(", ", hops.Select(_ => "https")),
            string.Join(", ", hops.Select(hop => $"h{hop}.example")),
            string.Join(", ", hops.Select(hop => $"127.0.0.{hop + 1}"))
        );
        // The last one is the nearest.
        Assert.Equal($"https://h{hops.Length - TrustedProxies.ProxiesMax + 1}.example", root);
    }

    [Fact]
    public async Task Who_comes_through_a_proxy_is_no_program_of_this_machine()
    {
        await using var server = await StartAsync("127.0.0.1");
        using var own = await server.Client.SendAsync(Asking("/control/clock"), Cancel);
        Assert.True(own.IsSuccessStatusCode);
        var through = Asking("/control/clock", ("X-Forwarded-For", Outside));
        await Refused.WithAsync(RefusalKind.ControlForbidden, server.Client.SendAsync(through, Cancel));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<RunningServer> StartAsync(params string[] proxies) =>
        RunningServer.StartAsync(options => options with { TrustedProxies = [.. proxies] });

    /// <summary>The address by which an answer names this server.</summary>
    private static async Task<string> RootAsync(RunningServer server, string scheme, string host, string? from = null)
    {
        using var request = Asking(
            $"/v1.0/users/{RunningServer.Someone}/presence",
            ("X-Forwarded-Proto", scheme),
            ("X-Forwarded-Host", host),
            ("X-Forwarded-For", from ?? Outside)
        );
        request.Headers.Authorization = new("Bearer", await server.ApplicationTokenAsync("Presence.Read.All"));
        using var answer = await server.Client.SendAsync(request, Cancel);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        return ((string)body["@odata.context"]!).Split("/v1.0/")[0];
    }

    private static HttpRequestMessage Asking(string path, params ImmutableArray<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        return request;
    }
}
