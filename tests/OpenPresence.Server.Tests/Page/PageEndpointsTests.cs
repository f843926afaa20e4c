using System.Net;
using System.Text.RegularExpressions;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Page;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Page;

public sealed partial class PageEndpointsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_gets_the_page_and_curl_the_first_steps()
    {
        var server = shared.Server;
        using var page = await GetAsync(server, "/", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var steps = await GetAsync(server, "/", "*/*");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<title>OpenPresence</title>", await TextAsync(page));
        Assert.Equal("text/plain", steps.Content.Headers.ContentType!.MediaType);
        Assert.Contains("OpenPresence is ready", await TextAsync(steps));
        Assert.All([page, steps], answer => Assert.Contains("Accept", answer.Headers.Vary));
    }

    [Fact]
    public async Task Whatever_the_page_names_is_there_and_kept_for_ever()
    {
        var server = shared.Server;
        using var page = await GetAsync(server, "/", "text/html");
        var named = FileAddress().Matches(await TextAsync(page)).Select(match => match.Value);
        Assert.NotEmpty(named);
        foreach (var address in named)
        {
            using var file = await GetAsync(server, address);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.True(file.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(300));
            Assert.Contains("immutable", file.Headers.CacheControl.ToString());
            Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Fact]
    public async Task Every_module_finds_the_modules_that_it_imports()
    {
        var server = shared.Server;
        var folder = $"/page/{PageFiles.Embedded.Value.Version}/";
        var scripts = PageFiles
            .Embedded.Value.Names.Where(name => name.EndsWith(".js", StringComparison.Ordinal))
            .ToArray();
        Assert.Contains("main.js", scripts);
        foreach (var script in scripts)
        {
            using var file = await GetAsync(server, folder + script);
            var imported = Import().Matches(await TextAsync(file)).Select(m => m.Groups[1].Value);
            Assert.Superset(imported.ToHashSet(), scripts.ToHashSet());
        }
    }

    [Fact]
    public async Task The_same_page_is_not_sent_twice()
    {
        var server = shared.Server;
        using var first = await GetAsync(server, "/", "text/html");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Accept", "text/html");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.True(first.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("/page/0123456789abcdef/main.js")]
    [InlineData("/page/main.js")]
    [InlineData("/page/{version}/index.html")]
    [InlineData("/page/{version}/nothing.js")]
    [InlineData("/page/{version}/..%2fmain.js")]
    public async Task A_file_of_another_version_or_none_is_not_there(string address)
    {
        var server = shared.Server;
        var named = address.Replace("{version}", PageFiles.Embedded.Value.Version);
        using var answer = await GetAsync(server, named);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_policy_lets_the_page_run_nothing_but_its_own_files()
    {
        var server = shared.Server;
        using var page = await GetAsync(server, "/", "text/html");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; ", policy);
        Assert.Contains("connect-src 'self'; base-uri 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotMatch(@"<style|style=|<script>|\son\w+=", await TextAsync(page));
    }

    [Fact]
    public void Where_people_sign_in_elsewhere_the_page_may_speak_to_that_issuer_alone()
    {
        var settings = PageSettings.Of(
            new()
            {
                Profile = Profile.Production,
                Page = true,
                PageClientId = "wallboard",
                Auth = new()
                {
                    TrustedIssuers = [new() { Name = "id", Authority = "https://id.example/realms/contoso" }],
                },
            }
        )!;
        Assert.Contains("connect-src 'self' https://id.example;", settings.ContentSecurityPolicy);
        var json = System.Text.Json.JsonDocument.Parse(settings.Json).RootElement;
        Assert.Equal("issuer", json.GetProperty("signIn").GetString());
        Assert.Equal(ApplicationIds.Of("id", "wallboard"), json.GetProperty("applicationId").GetGuid());
        Assert.False(json.GetProperty("hasControl").GetBoolean());
    }

    [Theory]
    [InlineData(Profile.Development, null, true)]
    [InlineData(Profile.Development, false, false)]
    [InlineData(Profile.Production, null, false)]
    [InlineData(Profile.Production, true, true)]
    public void In_production_there_is_a_page_only_if_it_is_wanted(Profile profile, bool? page, bool isThere)
    {
        var settings = PageSettings.Of(new() { Profile = profile, Page = page });
        Assert.Equal(isThere, settings is not null);
    }

    [Fact]
    public async Task Without_a_page_the_root_still_says_the_first_steps()
    {
        await using var server = await RunningServer.StartAsync(options => options with { Page = false });
        using var root = await GetAsync(server, "/", "text/html");
        using var settings = await GetAsync(server, "/page/settings");
        Assert.Equal("text/plain", root.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.BadRequest, settings.StatusCode);
    }

    [Fact]
    public async Task The_page_is_read_and_nothing_else()
    {
        var server = shared.Server;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/page/settings");
        using var answer = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
    }

    private static Task<HttpResponseMessage> GetAsync(RunningServer server, string address, string accept = "*/*")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return server.Client.SendAsync(request, Cancel);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Cancel);

    [GeneratedRegex("/page/[^\"]+")]
    private static partial Regex FileAddress();

    [GeneratedRegex(@"from '\./([\w.]+)'")]
    private static partial Regex Import();
}
