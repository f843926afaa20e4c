using System.Net;
using System.Text.RegularExpressions;
using OpenPresence.Engine;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Telemetry;
using OpenPresence.Server.Tests.DevTools;
using OpenPresence.Server.Tests.Repository;
using OpenPresence.Server.Tests.Webhooks;
using OpenPresence.Server.Tests.Webhooks.Delivery;

namespace OpenPresence.Server.Tests.Telemetry;

/// <summary>GET /metrics of a whole server.</summary>
public sealed partial class MetricsEndpointTests
{
    private const string Token = "a-token-of-scrapers";
    private const string Count = "http_server_request_duration_seconds_count";
    private const int RequestsOfACall = 10;
    private const string Reads = "/{version}/users/{id}/presence";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_measured_by_route_and_status_from_the_first_scrape_on()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        await server.ShowsAsync(token, RunningServer.Someone);
        Assert.DoesNotContain(Reads, await ScrapeAsync(server));
        for (var i = 0; i < 3; i++)
        {
            await server.ShowsAsync(token, RunningServer.Someone);
        }
        using var missing = await server.SendAsync(HttpMethod.Get, $"/beta/users/{Guid.NewGuid()}/presence", token);
        using var unknown = await server.SendAsync(HttpMethod.Get, "/v1.0/teams", token);
        var text = await UntilAsync(server, scraped => scraped.Contains("\"400\"", StringComparison.Ordinal));
        var scraped = new Exposition(text);
        Assert.Equal("histogram", scraped.Types["http_server_request_duration_seconds"]);
        var read = scraped.Samples.Single(s =>
            s.Name == Count
            && s.Labels.GetValueOrDefault("http_route") == Reads
            && s.Labels["http_response_status_code"] == "200"
        );
        Assert.Equal(3, read.Value);
        Assert.Equal("GET", read.Labels["http_request_method"]);
        Assert.Equal(1, scraped.Value(Count, ("http_route", Reads), ("http_response_status_code", "404")));
        Assert.DoesNotContain(
            scraped.Samples.Single(s => s.Name == Count && s.Labels["http_response_status_code"] == "400").Labels.Keys,
            key => key == "http_route"
        );
    }

    [Fact]
    public async Task What_is_there_is_read_from_the_state()
    {
        await using var server = await RunningServer.StartAsync();
        var scraped = new Exposition(await ScrapeAsync(server));
        Assert.Equal(server.Node.State.Board.People, scraped.Value("openpresence_people"));
        Assert.Equal(1, scraped.Value("openpresence_tenants"));
        Assert.Equal(1, scraped.Value("openpresence_ready"));
        Assert.Equal("counter", scraped.Types["openpresence_journal_entries_total"]);
        Assert.True(scraped.Value("openpresence_journal_entries_total") > 0);
        Assert.Equal(1, scraped.Value("target_info", ("service_name", "openpresence")));
    }

    [Fact]
    public async Task Deliveries_are_measured_by_outcome()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await ScrapeAsync(delivery.Server);
        await delivery.SubscribeAsync(receiver.Url("/hook?key=secret-of-the-url"));
        await delivery.SetAsync(DeliveryUnderTest.Ada, Availability.Busy, Activity.Busy);
        await delivery.SettledAsync();
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.InternalServerError);
        await delivery.SetAsync(DeliveryUnderTest.Ada, Availability.Away, Activity.Away);
        await delivery.SettledAsync();
        var text = await ScrapeAsync(delivery.Server);
        var scraped = new Exposition(text);
        Assert.Equal(1, scraped.Value("openpresence_notifications_accepted_total"));
        const string Posts = "openpresence_notification_posts_total";
        Assert.Equal(1, scraped.Value(Posts, ("outcome", "accepted")));
        Assert.Equal(1, scraped.Value(Posts, ("outcome", "rejected")));
        Assert.Equal(2, scraped.Value("openpresence_notification_post_duration_seconds_count"));
        Assert.DoesNotContain("secret-of-the-url", text);
    }

    /// <summary>However many people, tenants and paths are asked for, as many series are left, and none names one.</summary>
    [Fact]
    public async Task Labels_are_few_and_say_nothing_of_anybody()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        await ScrapeAsync(server);
        await CallAsync(server, token, "one");
        var before = await UntilAsync(server, text => Refused(text) == RequestsOfACall);
        for (var i = 0; i < 20; i++)
        {
            await CallAsync(server, token, $"other-{i}");
        }
        var after = await UntilAsync(server, text => Refused(text) == 21 * RequestsOfACall);
        Assert.Equal(Series(before), Series(after));
        Assert.DoesNotMatch(Id(), after);
        Assert.DoesNotContain(token[^20..], after);
        Assert.DoesNotContain("other-", after);
        Assert.DoesNotContain("contoso", after);
    }

    [Theory]
    [InlineData("text/plain", PrometheusText.PlainType, false)]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        PrometheusText.OpenMetricsType,
        true
    )]
    public async Task Whoever_asks_for_OpenMetrics_gets_it(string accept, string type, bool hasEnd)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, MetricsEndpoint.Path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var scraped = new Exposition(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(hasEnd, scraped.HasEnd);
    }

    [Theory]
    [InlineData(null, "localhost", null, 200)]
    [InlineData(null, "evil.example", null, 403)]
    [InlineData(Token, "localhost", null, 401)]
    [InlineData(Token, "presence.example", "Bearer " + Token, 200)]
    [InlineData(Token, "presence.example", "Bearer another-token-of-it", 401)]
    public async Task Without_a_token_it_is_for_this_machine_alone(
        string? token,
        string host,
        string? authorization,
        int status
    )
    {
        await using var server = await RunningServer.StartAsync(o => o with { MetricsToken = token });
        using var request = new HttpRequestMessage(HttpMethod.Get, MetricsEndpoint.Path);
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(Profile.Development, null, true)]
    [InlineData(Profile.Production, null, false)]
    [InlineData(Profile.Production, Token, true)]
    public void In_production_there_is_none_without_a_token(Profile profile, string? token, bool isOpen)
    {
        using var store = new MetricStore(_ => false);
        var options = new ServerOptions { Profile = profile, MetricsToken = token };
        Assert.Equal(isOpen, new MetricsEndpoint(options, store).IsOpen);
    }

    [Fact]
    public async Task Nothing_is_measured_before_somebody_scrapes_unless_a_token_is_set()
    {
        await using var idle = await RunningServer.StartAsync();
        Assert.False(idle.Graph.Telemetry.IsOn);
        await ScrapeAsync(idle);
        Assert.True(idle.Graph.Telemetry.IsOn);
        await using var set = await RunningServer.StartAsync(o => o with { MetricsToken = Token });
        Assert.True(set.Graph.Telemetry.IsOn);
    }

    /// <summary>Every family that a busy server tells, and the table of the document, are the same.</summary>
    [Fact]
    public async Task Every_name_is_documented_and_every_documented_name_is_told()
    {
        var documented = Row()
            .Matches(ProjectFiles.Read("docs/telemetry.md"))
            .Select(row => row.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await ScrapeAsync(delivery.Server);
        await delivery.SubscribeAsync(receiver.Url());
        await delivery.SetAsync(DeliveryUnderTest.Ada, Availability.Busy, Activity.Busy);
        await delivery.SettledAsync();
        var text = await UntilAsync(delivery.Server, told => Counts(told).Any());
        var told = new Exposition(text).Types.Keys;
        // Those of the runtime and of Kestrel are the framework's, and described there.
        var ours = told.Where(name =>
            !name.StartsWith("dotnet_", StringComparison.Ordinal)
            && !name.StartsWith("kestrel_", StringComparison.Ordinal)
        );
        Assert.Empty(ours.Except(documented));
        // What is counted only when something is lost or replaced has not been told yet.
        Assert.Equal(
            ["openpresence_notifications_coalesced_total", "openpresence_notifications_unheld_total"],
            documented.Except(told).Order(StringComparer.Ordinal)
        );
    }

    private static async Task CallAsync(RunningServer server, string token, string word)
    {
        foreach (
            var path in new[]
            {
                $"/v1.0/users/{Guid.NewGuid()}/presence",
                $"/v1.0/users/{word}@contoso.example",
                $"/v1.0/{word}",
                $"/{word}",
                $"/control/{word}",
            }
        )
        {
            using var answer = await server.SendAsync(HttpMethod.Get, path, token);
            using var odd = await server.SendAsync(new HttpMethod("X" + word), path, token);
        }
    }

    /// <summary>What was counted so far of requests, but for the scrapes.</summary>
    private static double Refused(string text) => Refusals(text).Sum(s => s.Value);

    private static IEnumerable<string> Series(string text) =>
        Refusals(text)
            .Select(s => string.Join(' ', s.Labels.Select(label => $"{label.Key}={label.Value}")))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<Sample> Refusals(string text) =>
        Counts(text).Where(s => s.Labels["http_response_status_code"] != "200");

    private static IEnumerable<Sample> Counts(string text) => new Exposition(text).Samples.Where(s => s.Name == Count);

    private static Task<string> ScrapeAsync(RunningServer server) =>
        server.Client.GetStringAsync(MetricsEndpoint.Path, Cancel);

    /// <summary>A request is measured when its connection is done with it, a moment after its client has the answer.</summary>
    private static Task<string> UntilAsync(RunningServer server, Func<string, bool> isThere) =>
        Eventually.SeenAsync(() => ScrapeAsync(server), isThere);

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
