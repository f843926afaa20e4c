using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.State.Revocations;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Tests.Webhooks;

namespace OpenPresence.Server.Tests.Graph.Subscriptions;

/// <summary>
/// Who may no longer be told is told nothing, and finds out why; a token of before does not change that. With
/// the permission again, delivery goes on with the state of then.
/// </summary>
public sealed class WithdrawnPermissionTests : IAsyncLifetime
{
    private const string Needed = SubscriptionGrant.Permission;
    private static readonly Guid Client = new("22553876-f5ab-4529-bffb-cfe50aa89f87");
    private static readonly Guid Watched = new("66825e03-7ef5-42da-9069-724602c31f6b");
    private static readonly Guid Device = new("de000000-0000-0000-0000-000000000009");

    private RunningServer server = null!;
    private WebhookReceiver receiver = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        receiver = await WebhookReceiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_application_s_own_subscription_waits_until_its_permission_is_back()
    {
        await RegisterAsync(new() { ApplicationPermissions = [Needed] });
        var token = await server.ApplicationTokenAsync(Client, [Needed]);
        await WithdrawnAndBackAsync(token, new() { ApplicationPermissions = [Needed] });
    }

    [Fact]
    public async Task So_does_a_person_s_when_the_application_loses_its_consent()
    {
        var client = new Guid(RunningServer.DemoPublicClient);
        await RegisterAsync(new() { ClientId = client, DelegatedScopes = [Needed] });
        var token = await server.PersonTokenAsync(RunningServer.Someone, Needed);
        await WithdrawnAndBackAsync(token, new() { ClientId = client, DelegatedScopes = [Needed] });
    }

    [Fact]
    public async Task A_person_s_waits_when_the_sign_in_is_revoked()
    {
        var token = await server.PersonTokenAsync(RunningServer.Someone, Needed);
        var id = await SubscribeAsync(token);
        await server.Node.AppendAsync(EntryPayload.Of(new Revocation(new(RunningServer.Someone), default)));
        await NothingIsToldButThatAsync(id);

        Assert.Equal(HttpStatusCode.NoContent, await ReauthorizeAsync(id, token));
        await ToldAsync("Busy");
    }

    [Fact]
    public async Task What_concerns_others_changes_nothing()
    {
        var token = await server.PersonTokenAsync(RunningServer.Someone, Needed);
        await SubscribeAsync(token);
        await server.Node.AppendAsync(EntryPayload.Of(new Revocation(Watched, default)));
        await server.Node.AppendAsync(EntryPayload.Of(new Revocation(default, Client)));
        await server.Node.AppendAsync(EntryPayload.Of(new Revocation(default, default, Guid.NewGuid())));
        await RegisterAsync(new() { ApplicationPermissions = [Needed] });
        await RegisterAsync(new());
        await SetAsync(Availability.Busy);
        await ToldAsync("Busy");
    }

    [Fact]
    public async Task A_token_that_has_lost_the_permission_renews_nothing()
    {
        var id = await SubscribeAsync(await server.PersonTokenAsync(RunningServer.Someone, Needed));
        var without = await server.PersonTokenAsync(RunningServer.Someone, "Presence.Read");
        Assert.Equal(HttpStatusCode.Forbidden, await ReauthorizeAsync(id, without));
        Assert.Equal(HttpStatusCode.Forbidden, await RenewAsync(id, without));
    }

    [Theory]
    [InlineData(CallerKind.DelegatedWork)]
    [InlineData(CallerKind.Application)]
    public void The_permission_is_the_one_of_the_table(CallerKind kind) =>
        Assert.Equal(
            Needed,
            Assert.Single(PermissionTable.BeyondGraph.WouldDo(Operation.CreatePresenceSubscription, kind)).Name
        );

    private async Task WithdrawnAndBackAsync(string token, Registration granted)
    {
        var id = await SubscribeAsync(token);
        await SetAsync(Availability.Away);
        await ToldAsync("Away");

        await RegisterAsync(new() { ClientId = granted.ClientId });
        await NothingIsToldButThatAsync(id);
        Assert.Equal(HttpStatusCode.Forbidden, await ReauthorizeAsync(id, token));
        Assert.Equal(HttpStatusCode.Forbidden, await RenewAsync(id, token));
        using var again = await PostAsync(token, "?again=1");
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        var said = await again.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("does not grant it to this application", said, StringComparison.Ordinal);

        await RegisterAsync(granted);
        await server.Delivery.SettledAsync();
        Assert.Equal(HttpStatusCode.NoContent, await ReauthorizeAsync(id, token));
        await ToldAsync("Busy");
    }

    private async Task NothingIsToldButThatAsync(string id)
    {
        var told = Json(await receiver.NextAsync());
        Assert.Equal(
            (id, "reauthorizationRequired"),
            (told.GetProperty("subscriptionId").GetString()!, Text(told, "lifecycleEvent"))
        );
        var before = receiver.All.Count;
        await SetAsync(Availability.DoNotDisturb);
        await SetAsync(Availability.Busy);
        await server.Delivery.SettledAsync();
        Assert.Equal(before, receiver.All.Count);
    }

    private async Task<string> SubscribeAsync(string token)
    {
        var answer = await PostAsync(token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return Text(body, "id");
    }

    private Task<HttpResponseMessage> PostAsync(string token, string query = "") =>
        server.SendAsync(
            HttpMethod.Post,
            "/v1.0/subscriptions",
            token,
            JsonContent.Create(
                new Dictionary<string, object>
                {
                    ["changeType"] = "updated",
                    ["resource"] = $"communications/presences/{Watched}",
                    ["notificationUrl"] = receiver.Url("/hook" + query),
                    ["lifecycleNotificationUrl"] = receiver.Url("/life"),
                    ["expirationDateTime"] = server.Clock.GetUtcNow().AddMinutes(59),
                    ["includeResourceData"] = false,
                }
            )
        );

    private async Task<HttpStatusCode> ReauthorizeAsync(string id, string token) =>
        (await server.SendAsync(HttpMethod.Post, $"/v1.0/subscriptions/{id}/reauthorize", token)).StatusCode;

    private async Task<HttpStatusCode> RenewAsync(string id, string token) =>
        (
            await server.SendAsync(
                HttpMethod.Patch,
                $"/v1.0/subscriptions/{id}",
                token,
                JsonContent.Create(new { expirationDateTime = server.Clock.GetUtcNow().AddMinutes(50) })
            )
        ).StatusCode;

    /// <summary>The next notification is of the watched person, who is as it says by now.</summary>
    private async Task ToldAsync(string availability)
    {
        var told = Json(await receiver.NextAsync());
        Assert.EndsWith(Watched.ToString(), Text(told, "resource"), StringComparison.Ordinal);
        Assert.True(server.Node.State.Board.Tenants.TryGet(new(RunningServer.DemoTenant), out var tenant));
        Assert.True(server.Node.State.Board.TryRead(tenant, Watched, out var view));
        Assert.Equal(availability, $"{PairNumbers.Pair(view.Entry.Pair).Availability}");
        await server.Delivery.SettledAsync();
    }

    /// <summary>What the person prefers: it hides whatever the demo tenant begins with.</summary>
    private async Task SetAsync(Availability availability)
    {
        await server.Node.ExecuteAsync(
            Watched,
            new ReportDevice(Device, new(Availability.Available, Activity.Available), TimeSpan.FromDays(1))
        );
        await server.Node.ExecuteAsync(
            Watched,
            new SetUserPreferredPresence(
                new(availability, Enum.Parse<Activity>($"{availability}")),
                TimeSpan.FromDays(1)
            )
        );
    }

    private async Task RegisterAsync(Registration what)
    {
        var result = await server.Node.ExecuteAsync(
            new ApplicationUpserted(
                new Application(what.ClientId, new(RunningServer.DemoTenant), "Wallboard")
                {
                    ApplicationPermissions = [.. what.ApplicationPermissions],
                    DelegatedScopes = [.. what.DelegatedScopes],
                }
            )
        );
        Assert.Equal(DirectoryOutcome.Done, result.Directory);
    }

    private static JsonElement Json(ReceivedRequest request) =>
        JsonDocument.Parse(request.Body).RootElement.GetProperty("value")[0];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private sealed record Registration
    {
        public Guid ClientId { get; init; } = Client;

        public string[] ApplicationPermissions { get; init; } = [];

        public string[] DelegatedScopes { get; init; } = [];
    }
}
