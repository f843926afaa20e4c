using OpenPresence.Server.Connections;
using OpenPresence.Server.Page;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Page;

/// <summary>A new user is told what is true of this server, and nothing that only another one has.</summary>
public sealed class StartPageTests
{
    private const string Authority = "/srv/presence/tls/ca.pem";
    private const string Http = "http://127.0.0.1:5080";
    private const string Https = "https://127.0.0.1:5443";

    private static readonly ServerOptions Development = new();
    private static readonly ServerOptions Production = new() { Profile = Profile.Production };

    [Fact]
    public void In_development_everything_is_there_to_be_tried()
    {
        var text = Text(Development, Authority, Http, Https);
        Assert.Contains("  http://localhost:5080/v1.0   for Graph clients\n", text);
        Assert.Contains("  https://localhost:5443/v1.0   for Graph clients\n", text);
        Assert.Contains("  http://localhost:5080/   the page, in a browser\n", text);
        Assert.Contains("curl -s http://localhost:5080/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/v2.0/token", text);
        Assert.Contains("authority host   https://localhost:5443   tenant aaaabbbb", text);
        Assert.Contains("demo-secret", text);
        Assert.Contains($"SSL_CERT_FILE={Authority} ", text);
        Assert.Contains("allowed hosts    localhost ", text);
    }

    [Fact]
    public void Where_everything_is_encrypted_the_example_says_whom_to_trust()
    {
        var text = Text(Development, Authority, Https);
        Assert.Contains($"curl -s --cacert {Authority} https://localhost:5443/", text);
        Assert.DoesNotContain("http://", text);
    }

    [Fact]
    public void Where_nothing_is_encrypted_there_is_nothing_to_trust()
    {
        var text = Text(Development, null, Http);
        Assert.DoesNotContain("https://localhost", text);
        Assert.DoesNotContain("cacert", text);
        Assert.DoesNotContain("A Graph client needs", text);
    }

    [Fact]
    public void Of_people_of_ones_own_the_demos_credentials_are_not_told()
    {
        AssertNoDemo(Text(Development with { Seed = "people.seed.jsonc" }, Authority, Http, Https));
        AssertNoDemo(Text(Production with { BuiltInIssuer = true }, Authority, Http, Https));
    }

    [Fact]
    public void Where_others_issue_tokens_and_give_the_certificate_neither_is_described()
    {
        var text = Text(Production, null, Https);
        AssertNoDemo(text);
        Assert.Contains("base URL         https://localhost:5443/v1.0 ", text);
        Assert.DoesNotContain("authority", text);
        Assert.DoesNotContain("discovery", text);
        Assert.DoesNotContain("SSL_CERT_FILE", text);
        Assert.DoesNotContain("the page", text);
    }

    [Fact]
    public async Task It_is_answered_by_the_name_that_the_caller_used()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/plain");
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"  {server.Client.BaseAddress}v1.0   for Graph clients\n", text);
        Assert.Contains("Try it:", text);
    }

    private static void AssertNoDemo(string text)
    {
        Assert.DoesNotContain("demo-secret", text);
        Assert.DoesNotContain("aaaabbbb-0000-cccc-1111-dddd2222eeee", text);
        Assert.DoesNotContain("Try it:", text);
    }

    private static string Text(ServerOptions options, string? authority, params string[] urls) =>
        StartPage.Text(options, new Addresses(urls), authority);
}
