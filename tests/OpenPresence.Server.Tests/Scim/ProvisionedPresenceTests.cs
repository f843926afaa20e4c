using System.Net;
using OpenPresence.Engine;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Tests.Scim;

/// <summary>What becomes of a person's presence when the provider disables or deletes the account.</summary>
public sealed class ProvisionedPresenceTests
{
    private const string Someone = RunningServer.Someone;

    [Fact]
    public async Task A_disabled_account_shows_Offline_and_its_tokens_are_refused()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var reader = await scim.Server.ApplicationTokenAsync("Presence.Read.All");
        var own = await scim.Server.PersonTokenAsync(Someone, "Presence.Read");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(scim, "/v1.0/me/presence", own));
        Assert.Contains("InAMeeting", await PresenceAsync(scim, reader));

        await scim.PatchAsync(Someone, """{"op":"Replace","path":"active","value":"False"}""");

        Assert.Contains("\"availability\":\"Offline\"", await PresenceAsync(scim, reader));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(scim, "/v1.0/me/presence", own));

        await scim.PatchAsync(Someone, """{"op":"Replace","path":"active","value":"True"}""");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(scim, "/v1.0/me/presence", own));
        Assert.Contains("\"availability\":\"Offline\"", await PresenceAsync(scim, reader));
    }

    [Fact]
    public async Task What_an_application_says_of_a_disabled_account_counts()
    {
        // A room or a shared mailbox has an account that nobody signs in with.
        await using var scim = await ScimUnderTest.StartAsync();
        await scim.PatchAsync(Someone, """{"op":"replace","path":"active","value":false}""");
        await scim.Server.Node.ExecuteAsync(
            Guid.Parse(Someone),
            new SetPresence(Guid.NewGuid(), new(Availability.Busy, Activity.InACall), TimeSpan.FromHours(1))
        );
        await scim.PatchAsync(Someone, """{"op":"replace","path":"title","value":"Room"}""");
        var reader = await scim.Server.ApplicationTokenAsync("Presence.Read.All");
        Assert.Contains("InACall", await PresenceAsync(scim, reader));
    }

    [Fact]
    public async Task The_presence_of_a_deleted_person_is_gone_and_subscriptions_to_it_end()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var other = "66825e03-7ef5-42da-9069-724602c31f6b";
        var alone = await SubscribeAsync(scim, Someone);
        var both = await SubscribeAsync(scim, Someone, other);
        var reader = await scim.Server.ApplicationTokenAsync("Presence.Read.All");

        await scim.SendAsync("DELETE", "/Users/" + Someone);

        var path = $"/v1.0/users/{Someone}/presence";
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(scim, path, reader));
        var subscriptions = scim.Server.Node.State.Subscriptions;
        Assert.False(subscriptions.TryGet(alone, out _));
        Assert.True(subscriptions.TryGet(both, out var left));
        Assert.Equal([Guid.Parse(other)], left.People);

        await scim.Server.StopAsync();
        await scim.Server.StartAgainAsync();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(scim, path, reader));
    }

    private static async Task<Guid> SubscribeAsync(ScimUnderTest scim, params string[] people)
    {
        var id = Guid.NewGuid();
        var result = await scim.Server.Node.ExecuteAsync(
            new SubscriptionCreated(
                new Subscription
                {
                    Id = id,
                    TenantId = Guid.Parse(RunningServer.DemoTenant),
                    ApplicationId = Guid.NewGuid(),
                    UserId = null,
                    Resource = "communications/presences",
                    People = [.. people.Select(Guid.Parse)],
                    NotificationUrl = new Uri("https://receiver.example/hook"),
                    ExpiresAt = Instant.From(scim.Server.Clock.GetUtcNow().AddHours(1)),
                    AuthorizedUntil = Instant.Never,
                    DeliveredTo = 0,
                },
                InTenantMax: 10,
                IsOnlyOne: false
            )
        );
        Assert.Equal(SubscriptionOutcome.Done, result.Subscription);
        return id;
    }

    private static async Task<string> PresenceAsync(ScimUnderTest scim, string token)
    {
        using var answer = await scim.Server.SendAsync(HttpMethod.Get, $"/v1.0/users/{Someone}/presence", token);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> StatusAsync(ScimUnderTest scim, string path, string token)
    {
        using var answer = await scim.Server.SendAsync(HttpMethod.Get, path, token);
        return answer.StatusCode;
    }
}
