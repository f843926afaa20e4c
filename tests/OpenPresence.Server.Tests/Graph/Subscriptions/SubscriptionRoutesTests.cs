using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Subscriptions;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Tests.State.Subscriptions;
using OpenPresence.Server.Tests.Webhooks;

namespace OpenPresence.Server.Tests.Graph.Subscriptions;

/// <summary>What transcripts cannot show: strictness, limits, receivers that fail, who sees what.</summary>
public sealed class SubscriptionRoutesTests : IAsyncLifetime
{
    private const string Other = "66825e03-7ef5-42da-9069-724602c31f6b";
    private const string Everyone = "communications/presences";

    private WebhookReceiver receiver = null!;

    public async ValueTask InitializeAsync() => receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Fact]
    public async Task Strict_is_as_Graph()
    {
        await using var server = await StartAsync(options => options with { Strict = true });
        var person = await PersonAsync(server);
        var app = await server.ApplicationTokenAsync("Presence.Read.All");
        await Refused.WithAsync(RefusalKind.SubscriptionForbidden, PostAsync(server, app, Resource()));
        await Refused.WithAsync(RefusalKind.InvalidRequest, PostAsync(server, person, Everyone));
        await Refused.WithAsync(
            RefusalKind.WatchedPersonUnknownToGraph,
            PostAsync(server, person, Resource("00000000-1111-2222-3333-444444444444"))
        );
        await CreatedAsync(server, person, Resource());
        await Refused.WithAsync(RefusalKind.OwnerHasSubscription, PostAsync(server, person, Resource(Other)));
        await CreatedAsync(server, await PersonAsync(server, Other), Resource());
    }

    [Fact]
    public async Task Other_clouds_have_none_where_the_server_is_strict()
    {
        await using var server = await StartAsync(options => options with { Strict = true, Cloud = Cloud.UsL4 });
        var person = await PersonAsync(server);
        await Refused.WithAsync(RefusalKind.BadRequest, PostAsync(server, person, Resource()));
    }

    [Fact]
    public void Beyond_Graph_is_for_development_unless_the_settings_say_otherwise()
    {
        var development = new ServerOptions();
        var production = new ServerOptions { Profile = Profile.Production };
        Assert.True(development.GoesBeyondGraph);
        Assert.False(production.GoesBeyondGraph);
        Assert.True((production with { SubscriptionsBeyondGraph = true }).GoesBeyondGraph);
        Assert.False((development with { SubscriptionsBeyondGraph = false }).GoesBeyondGraph);
        Assert.False((development with { Strict = true }).GoesBeyondGraph);
        Assert.Same(PermissionTable.BeyondGraph, PermissionTable.Of(development.GoesBeyondGraph));
        Assert.Same(PermissionTable.Built, PermissionTable.Of(production.GoesBeyondGraph));
    }

    [Fact]
    public async Task The_quota_of_a_tenant_is_named()
    {
        await using var server = await StartAsync(options => options with { SubscriptionsPerTenantMax = 1 });
        var person = await PersonAsync(server);
        await CreatedAsync(server, person, Resource());
        var error = await Refused.WithAsync(
            RefusalKind.SubscriptionQuotaReached,
            PostAsync(server, person, Resource(Other))
        );
        Assert.Contains(
            $"has reached its limit of '1' 'subscriptionsPerTenantMax' subscription on tenant '{RunningServer.DemoTenant}'",
            (string)error["message"]!
        );
    }

    [Fact]
    public async Task Both_addresses_are_asked_even_if_they_are_the_same()
    {
        await using var server = await StartAsync();
        await CreatedAsync(
            server,
            await PersonAsync(server),
            Resource(),
            body => body["lifecycleNotificationUrl"] = receiver.Url().ToString()
        );
        Assert.Equal(2, receiver.All.Count);
        Assert.All(receiver.All, asked => Assert.StartsWith("/hook?validation", asked.PathAndQuery));
    }

    [Fact]
    public async Task An_address_that_does_not_pass_is_named_and_nothing_is_created()
    {
        await using var server = await StartAsync();
        var person = await PersonAsync(server);
        receiver.Handshake = http =>
            http.Request.Path == "/life"
                ? WebhookReceiver.Answer(HttpStatusCode.Gone)(http)
                : WebhookReceiver.Echo(http);
        var error = await Refused.WithAsync(
            RefusalKind.ReceiverNotValidated,
            PostAsync(
                server,
                person,
                Resource(),
                body => body["lifecycleNotificationUrl"] = receiver.Url("/life").ToString()
            )
        );
        Assert.Equal("lifecycleNotificationUrl", (string?)error["target"]);
        Assert.Contains("It responded with 410.", (string)error["message"]!);
        Assert.Equal(0, server.Node.State.Subscriptions.Count);
    }

    [Fact]
    public async Task A_new_address_is_asked_before_anything_goes_there()
    {
        await using var server = await StartAsync();
        var person = await PersonAsync(server);
        var id = await CreatedAsync(server, person, Resource());
        receiver.Handshake = WebhookReceiver.Answer(HttpStatusCode.OK, "no");
        await Refused.WithAsync(
            RefusalKind.ReceiverNotValidated,
            server.SendAsync(
                HttpMethod.Patch,
                $"/v1.0/subscriptions/{id}",
                person,
                JsonContent.Create(new { notificationUrl = receiver.Url("/moved") })
            )
        );
        server.Node.State.Subscriptions.TryGet(id, out var kept);
        Assert.Equal(receiver.Url(), kept!.NotificationUrl);
    }

    [Theory]
    [InlineData(1, 45)]
    [InlineData(44.99, 45)]
    [InlineData(50, 50)]
    [InlineData(60, 60)]
    public async Task Less_than_45_minutes_are_raised(double wantedMinutes, double givenMinutes)
    {
        await using var server = await StartAsync();
        var wanted = server.Clock.GetUtcNow().AddMinutes(wantedMinutes);
        var id = await CreatedAsync(
            server,
            await PersonAsync(server),
            Resource(),
            body => body["expirationDateTime"] = wanted
        );
        server.Node.State.Subscriptions.TryGet(id, out var created);
        Assert.Equal(server.Clock.GetUtcNow().AddMinutes(givenMinutes), created!.ExpiresAt.ToDateTimeOffset());
    }

    [Fact]
    public async Task An_application_sees_what_it_made_for_people_but_does_not_renew_it()
    {
        await using var server = await StartAsync();
        var id = await CreatedAsync(server, await PersonAsync(server), Resource());
        var sameApplication = await server.ApplicationTokenAsync(
            Guid.Parse(RunningServer.DemoPublicClient),
            ["Presence.Read.All"]
        );
        var path = $"/v1.0/subscriptions/{id}";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, path, sameApplication));
        Assert.Equal(
            HttpStatusCode.NotFound,
            await StatusAsync(HttpMethod.Post, path + "/reauthorize", sameApplication)
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            await StatusAsync(HttpMethod.Get, path, await server.ApplicationTokenAsync("Presence.Read.All"))
        );
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(HttpMethod.Delete, path, sameApplication));

        async Task<HttpStatusCode> StatusAsync(HttpMethod method, string url, string token)
        {
            using var answer = await server.SendAsync(method, url, token);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Delivery_is_allowed_as_long_as_the_persons_token_is_good()
    {
        await using var server = await StartAsync();
        var person = await PersonAsync(server);
        var delegated = await CreatedAsync(server, person, Resource());
        var own = await CreatedAsync(server, await server.ApplicationTokenAsync("Presence.Read.All"), Everyone);
        server.Node.State.Subscriptions.TryGet(delegated, out var ofPerson);
        server.Node.State.Subscriptions.TryGet(own, out var ofApplication);
        Assert.Equal(server.Clock.GetUtcNow().AddDays(30), ofPerson!.AuthorizedUntil.ToDateTimeOffset());
        Assert.Equal(Engine.Instant.Never, ofApplication!.AuthorizedUntil);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        const int More = 3;
        await using var server = await StartAsync();
        var own = Guid.Parse(RunningServer.DemoApplication);
        for (var number = 0; number < SubscriptionLimits.PageMax + More; number++)
        {
            await server.Node.ExecuteAsync(
                new SubscriptionCreated(
                    SubscriptionsUnderTest.Of(Guid.NewGuid(), Guid.Parse(Other)) with
                    {
                        TenantId = Guid.Parse(RunningServer.DemoTenant),
                        ApplicationId = own,
                        NotificationUrl = new Uri($"https://receiver.example/{number}"),
                    },
                    SubscriptionsUnderTest.Plenty,
                    IsOnlyOne: false
                )
            );
        }
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = "/v1.0/subscriptions"; next is not null; )
        {
            using var answer = await server.SendAsync(HttpMethod.Get, next, token);
            var page = await JsonAsync(answer);
            Assert.All(page["value"]!.AsArray(), one => Assert.True(seen.Add((string)one!["id"]!)));
            next = (string?)page["@odata.nextLink"];
        }
        Assert.Equal(SubscriptionLimits.PageMax + More, seen.Count);
    }

    private static string Resource(string id = RunningServer.Someone) => "communications/presences/" + id;

    private static Task<RunningServer> StartAsync(Func<ServerOptions, ServerOptions>? configure = null) =>
        RunningServer.StartAsync(configure);

    private static Task<string> PersonAsync(RunningServer server, string id = RunningServer.Someone) =>
        server.PersonTokenAsync(id, "Presence.Read.All");

    private async Task<Guid> CreatedAsync(
        RunningServer server,
        string token,
        string resource,
        Action<JsonObject>? change = null
    )
    {
        using var answer = await PostAsync(server, token, resource, change);
        var json = await JsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, json.ToJsonString());
        return (Guid)json["id"]!;
    }

    private Task<HttpResponseMessage> PostAsync(
        RunningServer server,
        string token,
        string resource,
        Action<JsonObject>? change = null
    )
    {
        var body = new JsonObject
        {
            ["changeType"] = "updated",
            ["resource"] = resource,
            ["notificationUrl"] = receiver.Url().ToString(),
            ["expirationDateTime"] = server.Clock.GetUtcNow().AddMinutes(50),
        };
        change?.Invoke(body);
        return server.SendAsync(HttpMethod.Post, "/v1.0/subscriptions", token, JsonContent.Create(body));
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken))!;
}
