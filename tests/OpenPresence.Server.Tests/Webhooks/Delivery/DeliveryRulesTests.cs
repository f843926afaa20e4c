using OpenPresence.Engine;
using OpenPresence.Server.Webhooks;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>The pure rules of delivery: health, retries, reminders, and the log of deliveries.</summary>
public sealed class DeliveryRulesTests
{
    private static readonly Instant Noon = new(638_000_000_000_000_000);
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3.001);
    private static readonly TimeSpan Missing = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(10, 1, 0, HealthState.Prompt)]
    [InlineData(10, 2, 0, HealthState.Slow)]
    [InlineData(10, 0, 1, HealthState.Prompt)]
    [InlineData(10, 1, 1, HealthState.Slow)]
    [InlineData(10, 0, 2, HealthState.Dropping)]
    [InlineData(9, 9, 0, HealthState.Prompt)]
    [InlineData(9, 0, 9, HealthState.Prompt)]
    public void A_receiver_is_judged_by_the_share_of_answers_that_are_late_or_missing(
        int answers,
        int late,
        int missing,
        HealthState expected
    )
    {
        var health = new ReceiverHealth();
        var state = HealthState.Prompt;
        for (var i = 0; i < answers; i++)
        {
            var isMissing = i >= answers - missing;
            var isLate = !isMissing && i >= answers - missing - late;
            state = health.Count(
                Noon,
                isMissing ? Missing
                    : isLate ? Late
                    : Prompt,
                isMissing
            );
        }
        Assert.Equal(expected, state);
    }

    [Fact]
    public void What_is_older_than_ten_minutes_says_nothing_any_more()
    {
        var health = new ReceiverHealth();
        for (var i = 0; i < 9; i++)
        {
            health.Count(Noon, Missing, isMissing: true);
        }
        var state = HealthState.Prompt;
        for (var i = 0; i < 10; i++)
        {
            state = health.Count(Noon + TimeSpan.FromMinutes(10), Prompt, isMissing: false);
        }
        Assert.Equal(HealthState.Prompt, state);
    }

    [Fact]
    public void Delays_double_up_to_their_limit_and_half_of_each_is_chance()
    {
        var delays = new RetryDelays(new Random(1));
        for (var failures = 1; failures < 100; failures++)
        {
            var longest = Math.Min(
                DeliveryLimits.RetryDelayFirst.TotalSeconds * Math.Pow(2, failures - 1),
                DeliveryLimits.RetryDelayMax.TotalSeconds
            );
            Assert.InRange(delays.After(failures).TotalSeconds, longest / 2, longest);
        }
    }

    [Theory]
    [InlineData(240, 180)]
    [InlineData(1440, 1080)]
    [InlineData(180, 90)]
    [InlineData(60, 30)]
    [InlineData(59, 15)]
    [InlineData(16, 15)]
    [InlineData(15, null)]
    [InlineData(0, null)]
    public void Reminders_come_more_often_as_the_end_comes_near(int minutesLeft, int? nextInMinutes)
    {
        var next = ReauthorizationSchedule.NextAt(Noon, Noon + TimeSpan.FromMinutes(minutesLeft));

        Assert.Equal(nextInMinutes is { } minutes ? Noon + TimeSpan.FromMinutes(minutes) : null, next);
    }

    [Fact]
    public void The_log_shows_the_newest_deliveries_of_each_and_forgets_the_oldest_of_all()
    {
        var log = new DeliveryLog();
        var (rare, busy) = (new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]));
        log.Add(rare, Attempt(1));
        log.Add(busy, Attempt(2));
        log.Add(rare, Attempt(3));
        Assert.Equal([3, 1], log.Of(rare, 10).Select(delivery => delivery.Status));
        Assert.Equal([3], log.Of(rare, 1).Select(delivery => delivery.Status));

        for (var i = 0; i < DeliveryLimits.DeliveriesKept - 1; i++)
        {
            log.Add(busy, Attempt(200));
        }
        Assert.Equal([3], log.Of(rare, 10).Select(delivery => delivery.Status));
        log.Add(busy, Attempt(200));
        Assert.Empty(log.Of(rare, 10));
        Assert.Equal(DeliveryLimits.DeliveriesKept, log.Of(busy, int.MaxValue).Count);
    }

    private static DeliveryAttempt Attempt(int status) =>
        new(Noon, Guid.Empty, new("https://receiver.example/"), ReceiverFault.None, status, TimeSpan.Zero, 1, 1, []);
}
