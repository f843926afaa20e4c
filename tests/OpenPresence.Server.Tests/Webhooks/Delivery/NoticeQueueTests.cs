using OpenPresence.Engine;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>What waits for a receiver: order, room, and which state gives way to which.</summary>
public sealed class NoticeQueueTests
{
    private readonly NoticeBudget budget = new();
    private readonly Watch watch;

    public NoticeQueueTests() => watch = WatchOf(budget);

    [Fact]
    public void Every_state_is_kept_while_little_waits()
    {
        var queue = new NoticeQueue(budget);
        for (var i = 0; i < DeliveryLimits.CoalesceFrom; i++)
        {
            Assert.True(queue.TryAdd(Of(person: 1, position: i), out var isReplacing));
            Assert.False(isReplacing);
        }
        Assert.Equal(
            Enumerable.Range(0, DeliveryLimits.CoalesceFrom).Select(i => (long)i),
            Drain(queue).Select(notice => notice.Position)
        );
    }

    [Fact]
    public void Then_a_newer_state_takes_the_place_and_the_oldest_position_of_the_older_one()
    {
        var queue = new NoticeQueue(budget);
        for (var i = 0; i < DeliveryLimits.CoalesceFrom; i++)
        {
            queue.TryAdd(Of(person: i, position: i), out _);
        }

        Assert.True(queue.TryAdd(Of(person: 5, position: 1000), out var isReplacing));

        Assert.True(isReplacing);
        var fifth = Drain(queue)[5];
        Assert.Equal((5, 1000), (fifth.Position, fifth.Newest));
    }

    [Fact]
    public void It_takes_no_more_than_its_limit()
    {
        var queue = new NoticeQueue(budget);
        var taken = 0;
        while (queue.TryAdd(Of(person: taken, position: taken), out _))
        {
            taken++;
        }
        Assert.Equal(DeliveryLimits.NoticesPerReceiverMax, taken);
        Assert.Equal(taken - DeliveryLimits.NoticesOfEachMin, budget.Taken);
        Assert.Equal(taken, Drain(queue).Count);
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void However_much_waits_for_others_each_receiver_has_room_of_its_own()
    {
        var queues = Enumerable
            .Range(0, DeliveryLimits.NoticesMax / DeliveryLimits.NoticesPerReceiverMax + 10)
            .Select(_ => new NoticeQueue(budget))
            .ToArray();
        foreach (var queue in queues)
        {
            for (var i = 0; queue.TryAdd(Of(person: i, position: i), out _); i++) { }
        }
        Assert.Equal(DeliveryLimits.NoticesMax, budget.Taken);

        var late = new NoticeQueue(budget);
        var taken = 0;
        while (late.TryAdd(Of(person: taken, position: taken), out _))
        {
            taken++;
        }

        Assert.Equal(DeliveryLimits.NoticesOfEachMin, taken);
    }

    private Notice Of(int person, long position) =>
        new(
            watch,
            NoticeKind.Presence,
            new Guid(person, 0, 0, [1, 0, 0, 0, 0, 0, 0, 0]),
            default,
            position,
            position,
            position
        );

    private static List<Notice> Drain(NoticeQueue queue)
    {
        var drained = new List<Notice>();
        while (queue.Count > 0)
        {
            drained.Add(queue.Dequeue());
        }
        return drained;
    }

    internal static Watch WatchOf(NoticeBudget budget) =>
        new(
            new Subscription
            {
                Id = Guid.Empty,
                TenantId = Guid.Empty,
                ApplicationId = Guid.Empty,
                UserId = null,
                Resource = "",
                People = [],
                NotificationUrl = new("https://receiver.example/"),
                ExpiresAt = Instant.Never,
                AuthorizedUntil = Instant.Never,
                DeliveredTo = 0,
            },
            new Receiver(Guid.Empty, new("https://receiver.example/"), budget),
            null
        );
}
