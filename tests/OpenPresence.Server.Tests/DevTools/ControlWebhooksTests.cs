using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPresence.Engine;
using OpenPresence.Server.Tests.Webhooks;
using OpenPresence.Server.Tests.Webhooks.Delivery;
using static OpenPresence.Server.Tests.Webhooks.Delivery.DeliveryUnderTest;

namespace OpenPresence.Server.Tests.DevTools;

/// <summary>What the control API does to notifications, seen from the receiver's end of a real socket.</summary>
public sealed class ControlWebhooksTests
{
    private static readonly (Availability, Activity)[] Day =
    [
        (Availability.Busy, Activity.InACall),
        (Availability.Away, Activity.Away),
        (Availability.Available, Activity.Available),
        (Availability.DoNotDisturb, Activity.Presenting),
    ];

    private readonly Recipient recipient = new();

    public static TheoryData<string, string> Effects =>
        new()
        {
            { """{"drop":true,"count":1}""", "Away Available Presenting" },
            { """{"drop":true,"skip":1,"count":2}""", "InACall Presenting" },
            { """{"duplicate":true,"count":1}""", "InACall InACall Away Available Presenting" },
            { """{"reorder":true,"count":1}""", "Away InACall Available Presenting" },
            { """{"reorder":true}""", "Away InACall Presenting Available" },
            { """{"notification":"missed","drop":true}""", "InACall Away Available Presenting" },
            {
                """{"userId":"bb000000-0000-0000-0000-000000000002","drop":true}""",
                "InACall Away Available Presenting"
            },
        };

    [Theory]
    [MemberData(nameof(Effects))]
    public async Task A_fault_meets_as_many_notifications_as_was_asked(string fault, string told)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);
        await SetFaultAsync(delivery, fault);
        await LiveAsync(delivery);
        Assert.Equal(told, Told(receiver));
    }

    [Fact]
    public async Task What_is_lost_counts_as_delivered_and_is_never_repeated()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var subscription = await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);
        var id = await SetFaultAsync(delivery, """{"drop":true}""");
        await LiveAsync(delivery);
        await delivery.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("", Told(receiver));
        var newest = delivery.Dispatcher.Deliveries.Of(subscription.Id, 1).Single();
        Assert.Equal((id, 202, 1), (newest.FaultId, newest.Status, newest.Attempt));
        Assert.True(delivery.DeliveredTo(subscription) > 0);
    }

    [Fact]
    public async Task A_delay_goes_by_the_nodes_clock_and_keeps_the_order()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);
        await SetFaultAsync(delivery, """{"delay":"PT10M","skip":1,"count":1}""");
        await LiveAsync(delivery);
        Assert.Equal("InACall", Told(receiver));
        await delivery.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal("InACall", Told(receiver));
        await delivery.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("InACall Away Available Presenting", Told(receiver));
    }

    [Fact]
    public async Task What_waits_to_be_overtaken_goes_when_the_fault_is_taken_away()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);
        var id = await SetFaultAsync(delivery, """{"reorder":true,"count":1}""");
        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        await delivery.SettledAsync();
        Assert.Equal("", Told(receiver));
        await delivery.Server.ControlledAsync(HttpMethod.Delete, $"webhooks/faults/{id}");
        await delivery.SettledAsync();
        Assert.Equal("InACall", Told(receiver));
    }

    [Fact]
    public async Task Expired_validation_tokens_come_with_presence_in_notifications_and_only_when_asked()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var plain = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);
        await delivery.SubscribeAsync(plain.Url(), null, Ada);
        await SetFaultAsync(delivery, """{"expiredTokens":true,"count":1}""");
        await LiveAsync(delivery);
        var now = delivery.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var expired = receiver.All.Select(request => ExpiryOf(request) <= now).ToArray();
        Assert.Equal([true, false, false, false], expired);
        // The plain ones have no token, were not matched, and so did not use the count up.
        var fault = Assert.Single(await FaultsAsync(delivery));
        Assert.Equal((4, 1), ((int)fault!["matched"]!, (int)fault["met"]!));
    }

    [Fact]
    public async Task Equal_seeds_lose_the_same_notifications()
    {
        var runs = new List<string>();
        foreach (var seed in new[] { 7, 7, 8 })
        {
            await using var receiver = await WebhookReceiver.StartAsync();
            await using var delivery = await DeliveryUnderTest.StartAsync();
            await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);
            await SetFaultAsync(delivery, $$"""{"drop":true,"probability":0.5,"seed":{{seed}}}""");
            for (var i = 0; i < 6; i++)
            {
                await LiveAsync(delivery);
            }
            runs.Add(Told(receiver));
        }
        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.NotEqual("", runs[0]);
    }

    [Fact]
    public async Task Reset_takes_them_away()
    {
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await SetFaultAsync(delivery, """{"drop":true}""");
        await delivery.Server.ControlledAsync(HttpMethod.Post, "reset");
        Assert.Empty(await FaultsAsync(delivery));
    }

    [Theory]
    [InlineData("reauthorizationRequired")]
    [InlineData("missed")]
    [InlineData("subscriptionRemoved")]
    public async Task A_subscriber_is_told_of_its_subscriptions_life_on_demand(string lifecycleEvent)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var subscription = await delivery.SubscribeAsync(
            receiver.Url(),
            wanted => wanted with { LifecycleNotificationUrl = receiver.Url("/life") },
            Ada
        );
        using var answer = await TellAsync(delivery, subscription.Id, lifecycleEvent);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var got = await receiver.NextAsync();
        Assert.Equal("/life", got.PathAndQuery);
        Assert.Equal(lifecycleEvent, Assert.Single(got.Values()).LifecycleEvent());
        var isThere = delivery.Server.Node.State.Subscriptions.TryGet(subscription.Id, out _);
        Assert.Equal(lifecycleEvent != "subscriptionRemoved", isThere);
    }

    [Fact]
    public async Task Whom_nobody_can_tell_is_said()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var silent = await delivery.SubscribeAsync(receiver.Url(), null, Ada);
        using var unknown = await TellAsync(delivery, Guid.Empty, "missed");
        using var unlistened = await TellAsync(delivery, silent.Id, "missed");
        using var misspelt = await TellAsync(delivery, silent.Id, "presence");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, unlistened.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, misspelt.StatusCode);
    }

    [Theory]
    [InlineData("{}", "drop")]
    [InlineData("""{"drop":true,"duplicate":true}""", "drop")]
    [InlineData("""{"reorder":true,"delay":"PT1S"}""", "delay")]
    [InlineData("""{"delay":"PT2H"}""", "delay")]
    [InlineData("""{"drop":true,"notification":"presense"}""", "notification")]
    [InlineData("""{"drop":true,"subscriptionId":"mine"}""", "subscriptionId")]
    public async Task A_fault_that_makes_no_sense_is_refused_by_member(string body, string member)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.ControlAsync(HttpMethod.Post, "webhooks/faults", JsonNode.Parse(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(member, (string?)JsonNode.Parse(text)!["error"]!["target"]);
        Assert.False(server.Tools.WebhookFaults.IsAny);
    }

    private static async Task LiveAsync(DeliveryUnderTest delivery)
    {
        foreach (var (availability, activity) in Day)
        {
            await delivery.SetAsync(Ada, availability, activity);
        }
        await delivery.SettledAsync();
    }

    /// <summary>The activities that were told, in the order in which they came.</summary>
    private string Told(WebhookReceiver receiver) =>
        string.Join(
            ' ',
            receiver
                .All.SelectMany(request => request.Values())
                .Select(value => recipient.Open(value.GetProperty("encryptedContent")))
                .Select(presence => presence.GetProperty("activity").GetString())
        );

    private static long ExpiryOf(ReceivedRequest request)
    {
        var token = JsonDocument.Parse(request.Body).RootElement.GetProperty("validationTokens")[0].GetString()!;
        var claims = System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]);
        return JsonDocument.Parse(claims).RootElement.GetProperty("exp").GetInt64();
    }

    private static async Task<string> SetFaultAsync(DeliveryUnderTest delivery, string fault) =>
        (string)
            (await delivery.Server.ControlledAsync(HttpMethod.Post, "webhooks/faults", JsonNode.Parse(fault)))["id"]!;

    private static async Task<JsonArray> FaultsAsync(DeliveryUnderTest delivery) =>
        (await delivery.Server.ControlledAsync(HttpMethod.Get, "webhooks/faults"))["value"]!.AsArray();

    private static Task<HttpResponseMessage> TellAsync(
        DeliveryUnderTest delivery,
        Guid subscriptionId,
        string lifecycleEvent
    ) => delivery.Server.ControlAsync(HttpMethod.Post, "webhooks/lifecycle", new { subscriptionId, lifecycleEvent });
}
