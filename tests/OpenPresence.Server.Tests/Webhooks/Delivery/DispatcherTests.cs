using System.Net;
using OpenPresence.Engine;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Webhooks;
using OpenPresence.Server.Webhooks.Delivery;
using static OpenPresence.Server.Tests.Webhooks.Delivery.DeliveryUnderTest;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>Delivery over real sockets, with a clock that the test moves.</summary>
public sealed class DispatcherTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_change_reaches_the_receiver_in_the_bytes_of_Graphs_example()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.SubscribeAsync(receiver.Url("/hook?key=1"), null, Ada);

        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        var got = await receiver.NextAsync();

        Assert.Equal("POST /hook?key=1", $"{got.Method} {got.PathAndQuery}");
        Assert.Equal("application/json; charset=utf-8", got.Headers["Content-Type"]);
        Assert.Equal(
            """
            {
            "value":[{
            "subscriptionId":"00000001-0000-0000-5b00-000000000000",
            "clientState":"secret",
            "changeType":"updated",
            "tenantId":"aaaabbbb-0000-cccc-1111-dddd2222eeee",
            "organizationId":"aaaabbbb-0000-cccc-1111-dddd2222eeee",
            "resource":"communications/presences/aa000000-0000-0000-0000-000000000001",
            "subscriptionExpirationDateTime":"2026-08-29T12:00:00+00:00",
            "resourceData":{
            "@odata.id":"users/aa000000-0000-0000-0000-000000000001/presence",
            "@odata.type":"#microsoft.graph.presence",
            "id":"aa000000-0000-0000-0000-000000000001"
            }
            }]
            }
            """.ReplaceLineEndings(""),
            got.Text
        );
    }

    [Fact]
    public async Task Notifications_come_in_order_and_what_no_reader_sees_as_another_pair_does_not()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var recipient = new Recipient();
        await delivery.SubscribeAsync(receiver.Url(), recipient.Wants, Ada);

        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        await delivery.Server.Node.ExecuteAsync(Ada, new SetStatusMessage("Back soon", null));
        await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
        await delivery.SetAsync(Bob, Availability.Busy, Activity.Busy);
        await delivery.SetAsync(Ada, Availability.Available, Activity.Available);
        await delivery.SettledAsync();

        Assert.Equal(
            ["InACall", "Away", "Available"],
            receiver
                .All.SelectMany(request => request.Values())
                .Select(value => recipient.Open(value.GetProperty("encryptedContent")))
                .Select(presence => presence.GetProperty("activity").GetString())
        );
    }

    [Fact]
    public async Task What_comes_while_a_receiver_is_busy_goes_in_one_POST_across_subscriptions()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var answer = new TaskCompletionSource();
        receiver.Notification = _ => answer.Task;
        await delivery.SubscribeAsync(receiver.Url(), null, Ada);
        await delivery.SubscribeAsync(receiver.Url(), null, Bob);

        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        var first = await receiver.NextAsync();
        await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
        await delivery.SetAsync(Bob, Availability.Busy, Activity.Busy);
        answer.SetResult();
        var second = await receiver.NextAsync();

        Assert.Equal([Ada], first.Values().Select(Received.PersonId));
        Assert.Equal([Ada, Bob], second.Values().Select(Received.PersonId));
    }

    [Fact]
    public async Task Two_tenants_with_one_address_share_no_POST()
    {
        var (other, cyd) = (new Guid(7, 7, 7, new byte[8]), new Guid(8, 8, 8, new byte[8]));
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.Server.Node.ExecuteAsync(new TenantUpserted(new Tenant(other, "Other", [])));
        await delivery.Server.Node.ExecuteAsync(new PersonKnown(cyd, other));
        var answer = new TaskCompletionSource();
        receiver.Notification = _ => answer.Task;
        await delivery.SubscribeAsync(receiver.Url(), null, Ada);
        await delivery.SubscribeAsync(receiver.Url(), wanted => wanted with { TenantId = other }, cyd);

        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        var first = await receiver.NextAsync();
        await delivery.SetAsync(Ada, Availability.Away, Activity.Away); // waits for its answer
        await delivery.SetAsync(cyd, Availability.Busy, Activity.Busy); // does not
        var second = await receiver.NextAsync();
        answer.SetResult();
        var third = await receiver.NextAsync();

        Assert.Equal([Ada], first.Values().Select(Received.PersonId));
        Assert.Equal([cyd], second.Values().Select(Received.PersonId));
        Assert.Equal([Ada], third.Values().Select(Received.PersonId));
    }

    [Fact]
    public async Task A_subscription_to_everyone_is_told_of_everyone_in_its_tenant()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.SubscribeAsync(receiver.Url());

        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await delivery.SetAsync(Bob, Availability.Busy, Activity.Busy);
        await delivery.SettledAsync();

        Assert.Equal([Ada, Bob], receiver.All.SelectMany(request => request.Values()).Select(Received.PersonId));
    }

    [Fact]
    public async Task What_a_receiver_refuses_is_repeated_until_it_takes_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.InternalServerError);
        var subscription = await delivery.SubscribeAsync(receiver.Url(), null, Ada);

        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await delivery.SettledAsync();
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayFirst);
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayFirst * 2);
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayFirst * 4);
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayMax);

        Assert.Equal(4, receiver.All.Count);
        Assert.Single(receiver.All.Select(request => request.Text).Distinct());
        var log = delivery.Dispatcher.Deliveries.Of(subscription.Id, countMax: 10);
        Assert.Equal([(202, 4), (500, 3), (500, 2), (500, 1)], log.Select(d => (d.Status, d.Attempt)));
        Assert.Equal([Ada], log[0].People);
        Assert.Equal(
            log.Select(d => d.RequestId.ToString()).Reverse(),
            receiver.All.Select(request => request.Headers["client-request-id"])
        );
    }

    [Fact]
    public async Task The_position_goes_to_the_journal_gathered()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var subscription = await delivery.SubscribeAsync(receiver.Url(), null, Ada);
        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
        var changed = delivery.Server.Node.State.Position;
        await delivery.SettledAsync();

        await delivery.AdvanceAsync(DeliveryLimits.PositionsEvery);
        await delivery.SettledAsync();

        await Eventually.IsSoAsync(() => delivery.DeliveredTo(subscription) == changed);
        Assert.Equal(changed + 1, delivery.Server.Node.State.Position);
    }

    [Fact]
    public async Task A_receiver_that_never_answers_delays_no_other()
    {
        await using var silent = await WebhookReceiver.StartAsync();
        await using var prompt = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        silent.Notification = WebhookReceiver.Never;
        await delivery.SubscribeAsync(silent.Url(), null, Ada);
        await delivery.SubscribeAsync(prompt.Url(), null, Ada);

        for (var i = 0; i < 3; i++)
        {
            await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
            await prompt.NextAsync();
            await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
            await prompt.NextAsync();
        }

        Assert.Single(silent.All);
    }

    [Fact]
    public async Task Without_authority_nothing_is_sent_and_with_it_again_the_state_of_now_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var recipient = new Recipient();
        var subscription = await delivery.SubscribeAsync(
            receiver.Url(),
            wanted => recipient.Wants(wanted with { AuthorizedUntil = delivery.Now + Minute }),
            Ada
        );
        await delivery.AdvanceAsync(2 * Minute);
        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
        await delivery.SettledAsync();
        Assert.Empty(receiver.All);

        await delivery.Server.Node.ExecuteAsync(new SubscriptionReauthorized(subscription.Id, delivery.Now + Minute));
        await delivery.SettledAsync();

        var told = Assert.Single(receiver.All).Values();
        var presence = recipient.Open(Assert.Single(told).GetProperty("encryptedContent"));
        Assert.Equal("Away", presence.GetProperty("activity").GetString());
    }

    [Fact]
    public async Task Who_changes_the_address_gets_at_the_new_one_what_the_old_one_never_took()
    {
        await using var old = await WebhookReceiver.StartAsync();
        await using var young = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        old.Notification = WebhookReceiver.Answer(HttpStatusCode.Gone);
        var subscription = await delivery.SubscribeAsync(old.Url(), null, Ada);
        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await delivery.SettledAsync();

        await delivery.Server.Node.ExecuteAsync(
            new SubscriptionUpdated(subscription.Id, null, young.Url(), subscription.AuthorizedUntil)
        );
        await delivery.SettledAsync();
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayMax);

        Assert.Equal([Ada], Assert.Single(young.All).Values().Select(Received.PersonId));
        Assert.Single(old.All);
    }

    [Fact]
    public async Task After_a_deletion_nothing_more_is_sent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.InternalServerError);
        var subscription = await delivery.SubscribeAsync(receiver.Url(), null, Ada);
        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await delivery.SettledAsync();

        await delivery.Server.Node.ExecuteAsync(new SubscriptionDeleted(subscription.Id));
        await delivery.SetAsync(Ada, Availability.Away, Activity.Away);
        await delivery.AdvanceAsync(DeliveryLimits.RetryDelayMax);

        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task A_receiver_at_an_address_that_may_not_be_called_is_not()
    {
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var subscription = await delivery.SubscribeAsync(new("https://10.0.0.1/"), null, Ada);

        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await delivery.SettledAsync();

        var attempt = Assert.Single(delivery.Dispatcher.Deliveries.Of(subscription.Id, 10));
        Assert.Equal(ReceiverFault.Refused, attempt.Fault);
    }

    [Fact]
    public async Task A_queue_that_was_full_is_made_good_and_the_loss_is_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var lifecycle = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        var people = Enumerable
            .Range(1, DeliveryLimits.NoticesPerReceiverMax + 50)
            .Select(n => new Guid(n, 0, 0, [0xee, 0, 0, 0, 0, 0, 0, 0]))
            .ToArray();
        await Task.WhenAll(people.Select(delivery.AddAsync));
        var answer = new TaskCompletionSource();
        receiver.Notification = _ => answer.Task;
        var subscription = await delivery.SubscribeAsync(
            receiver.Url(),
            wanted => wanted with { LifecycleNotificationUrl = lifecycle.Url() }
        );

        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        await receiver.NextAsync();
        await Task.WhenAll(people.Select(id => delivery.SetAsync(id, Availability.Busy, Activity.Busy)));
        await delivery.SetAsync(Bob, Availability.Away, Activity.Away);
        var end = delivery.Server.Node.State.Position;
        answer.SetResult();
        await delivery.SettledAsync();

        var told = receiver.All.SelectMany(r => r.Values()).Select(Received.PersonId).ToHashSet();
        Assert.Equal(DeliveryLimits.NotificationsPerPostMax, receiver.All.Max(request => request.Values().Count));
        Assert.Superset(people.Append(Ada).Append(Bob).ToHashSet(), told);
        Assert.Equal(["missed"], lifecycle.All.SelectMany(r => r.Values()).Select(Received.LifecycleEvent));
        await delivery.AdvanceAsync(DeliveryLimits.PositionsEvery);
        await Eventually.IsSoAsync(() => delivery.DeliveredTo(subscription) >= end);
    }
}
