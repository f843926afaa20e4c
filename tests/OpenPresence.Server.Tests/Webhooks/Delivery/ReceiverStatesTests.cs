using System.Net;
using OpenPresence.Engine;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Webhooks.Delivery;
using static OpenPresence.Server.Tests.Webhooks.Delivery.DeliveryUnderTest;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>Receivers that are slow, silent or dead for long, and what subscribers are told of their own life.</summary>
public sealed class ReceiverStatesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Who_answers_slowly_gets_what_comes_then_ten_minutes_later()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        receiver.Notification = http =>
        {
            delivery.Server.Clock.Advance(TimeSpan.FromSeconds(4));
            return WebhookReceiver.Answer(HttpStatusCode.Accepted)(http);
        };
        await delivery.SubscribeAsync(receiver.Url(), null, Ada);
        for (var i = 0; i < DeliveryLimits.AnswersJudgedMin; i++)
        {
            await ToggleAsync(delivery, i);
        }
        Assert.Equal(DeliveryLimits.AnswersJudgedMin, receiver.All.Count);

        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        await delivery.AdvanceAsync(DeliveryLimits.SlowPause - Minute);
        Assert.Equal(DeliveryLimits.AnswersJudgedMin, receiver.All.Count);

        await delivery.AdvanceAsync(Minute);
        Assert.Equal(DeliveryLimits.AnswersJudgedMin + 1, receiver.All.Count);
    }

    [Fact]
    public async Task Who_misses_too_much_is_dropped_for_and_then_gets_the_state_of_then_and_is_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var lifecycle = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var recipient = new Recipient();
        await delivery.SubscribeAsync(
            receiver.Url(),
            wanted => recipient.Wants(wanted with { LifecycleNotificationUrl = lifecycle.Url() }),
            Ada
        );
        for (var i = 0; i < 8; i++)
        {
            await ToggleAsync(delivery, i);
            await receiver.NextAsync();
        }
        receiver.Notification = WebhookReceiver.Never;
        await delivery.SetAsync(Ada, Availability.DoNotDisturb, Activity.Presenting);
        await MissAsync(delivery, receiver);
        delivery.Server.Clock.Advance(DeliveryLimits.RetryDelayFirst);
        await MissAsync(delivery, receiver);
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        var before = receiver.All.Count;

        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
        await delivery.AdvanceAsync(DeliveryLimits.DropPause - Minute);
        Assert.Equal(before, receiver.All.Count);
        await delivery.AdvanceAsync(Minute);

        var told = Assert.Single(receiver.All.Skip(before).SelectMany(r => r.Values()));
        var presence = recipient.Open(told.GetProperty("encryptedContent"));
        Assert.Equal("Away", presence.GetProperty("activity").GetString());
        Assert.Equal(["missed"], Events(lifecycle));
    }

    [Fact]
    public async Task What_fails_for_four_hours_is_given_up_but_who_comes_back_gets_the_state_of_then()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var recipient = new Recipient();
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.BadGateway);
        await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);
        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        await delivery.SettledAsync();
        var until = delivery.Now + DeliveryLimits.RetryFor + DeliveryLimits.RetryDelayMax;
        while (delivery.Now < until)
        {
            await delivery.AdvanceAsync(DeliveryLimits.RetryDelayMax);
        }

        await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
        await delivery.SettledAsync();
        var before = receiver.All.Count;
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayMax);
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayMax);

        var last = receiver.All.Skip(before).SelectMany(r => r.Values()).Last();
        var presence = recipient.Open(last.GetProperty("encryptedContent"));
        Assert.Equal("Away", presence.GetProperty("activity").GetString());
    }

    [Fact]
    public async Task A_subscriber_is_reminded_before_its_authority_ends()
    {
        await using var lifecycle = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var subscription = await delivery.SubscribeAsync(
            lifecycle.Url("/presence"),
            wanted =>
                wanted with
                {
                    LifecycleNotificationUrl = lifecycle.Url("/life"),
                    AuthorizedUntil = delivery.Now + 2 * 60 * Minute,
                },
            Ada
        );

        await delivery.SettledAsync();
        await delivery.AdvanceAsync(59 * Minute);
        Assert.Empty(lifecycle.All);
        await delivery.AdvanceAsync(Minute);

        var got = Assert.Single(lifecycle.All);
        Assert.Equal("/life", got.PathAndQuery);
        Assert.Equal(
            """
            {
            "value":[{
            "subscriptionId":"00000001-0000-0000-5b00-000000000000",
            "subscriptionExpirationDateTime":"2026-08-29T12:00:00+00:00",
            "tenantId":"aaaabbbb-0000-cccc-1111-dddd2222eeee",
            "clientState":"secret",
            "lifecycleEvent":"reauthorizationRequired"
            }]
            }
            """.ReplaceLineEndings(""),
            got.Text
        );
        await delivery.Server.Node.ExecuteAsync(
            new SubscriptionReauthorized(subscription.Id, delivery.Now + 24 * 60 * Minute)
        );
        await delivery.SettledAsync();
        await delivery.AdvanceAsync(17 * 60 * Minute);
        Assert.Single(lifecycle.All);
        await delivery.AdvanceAsync(60 * Minute); // and no farther: the POST would see its time pass
        Assert.Equal(["reauthorizationRequired", "reauthorizationRequired"], Events(lifecycle));
    }

    [Fact]
    public async Task The_end_of_a_subscription_is_told_unless_its_client_deleted_it()
    {
        await using var lifecycle = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        Subscription WithLife(Subscription wanted) => wanted with { LifecycleNotificationUrl = lifecycle.Url("/life") };
        var deleted = await delivery.SubscribeAsync(lifecycle.Url("/1"), WithLife, Ada);
        await delivery.SubscribeAsync(
            lifecycle.Url("/2"),
            wanted => WithLife(wanted) with { ExpiresAt = delivery.Now + 5 * Minute },
            Ada
        );
        await delivery.SubscribeAsync(lifecycle.Url("/3"), WithLife, Bob);

        await delivery.Server.Node.ExecuteAsync(new SubscriptionDeleted(deleted.Id));
        await delivery.AdvanceAsync(5 * Minute);
        await delivery.Server.Node.ExecuteAsync(new PersonRemoved(Bob));
        await delivery.SettledAsync();

        Assert.Equal(["subscriptionRemoved", "subscriptionRemoved"], Events(lifecycle));
        Assert.Equal(["/life"], lifecycle.All.Select(request => request.PathAndQuery).Distinct());
    }

    private static Task ToggleAsync(DeliveryUnderTest delivery, int i) =>
        SetAndSettleAsync(delivery, i % 2 == 0 ? Availability.Busy : Availability.Away);

    private static async Task SetAndSettleAsync(DeliveryUnderTest delivery, Availability to)
    {
        await delivery.SetAsync(Ada, to, to == Availability.Busy ? Activity.Busy : Activity.Away);
        await delivery.SettledAsync();
    }

    /// <summary>Lets a receiver that never answers run into its time limit.</summary>
    private static async Task MissAsync(DeliveryUnderTest delivery, WebhookReceiver receiver)
    {
        await receiver.NextAsync();
        await delivery.AdvanceAsync(DeliveryLimits.AnswerTimeout);
    }

    private static IEnumerable<string?> Events(WebhookReceiver receiver) =>
        receiver.All.SelectMany(request => request.Values()).Select(Received.LifecycleEvent);
}
