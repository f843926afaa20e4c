using OpenPresence.Engine.Tests;
using OpenPresence.Server.State.Subscriptions;
using static OpenPresence.Server.Tests.State.Subscriptions.SubscriptionsUnderTest;

namespace OpenPresence.Server.Tests.State.Subscriptions;

/// <summary>Cuts: exact, canonical, and enough to go on from. NodeStateTests has them at random.</summary>
public sealed class SubscriptionCutTests
{
    [Fact]
    public void Two_that_hold_the_same_in_other_rows_write_the_same_bytes()
    {
        var (straight, roundabout) = (new SubscriptionsUnderTest(), new SubscriptionsUnderTest());
        roundabout.Create(Of(Id(9), Ada, Bob));
        roundabout.Create(Of(Id(2), Bob));
        roundabout.Apply(new SubscriptionDeleted(Id(9)));
        roundabout.Create(Of(Id(1), Ada));
        straight.Create(Of(Id(1), Ada));
        straight.Create(Of(Id(2), Bob));
        SubscriptionsDelivered level = new([new(Id(1), 900), new(Id(2), 900)]);
        straight.Apply(level);
        roundabout.Apply(level);
        Assert.Equal(Cut(straight), Cut(roundabout));
    }

    [Fact]
    public void What_was_restored_matches_expires_and_counts_like_before()
    {
        var before = new SubscriptionsUnderTest();
        before.Create(Of(Id(1), Ada, Bob) with { UserId = Bob });
        before.Create(Of(Id(2)) with { People = default });
        var after = new SubscriptionsUnderTest();
        SubscriptionCut.ReadInto(after.State, new MemoryStream(Cut(before)), TestContext.Current.CancellationToken);
        Assert.Equal(Cut(before), Cut(after));
        Assert.Equal([1, 2], after.Matched(Ada));
        Assert.Equal(2, after.State.CountOf(HomeTenant));
        Assert.Equal(Person.Minute(60), after.State.NextDueAt);
        after.Remove(Bob);
        Assert.Equal([2], after.Matched(Ada));
    }

    private static byte[] Cut(SubscriptionsUnderTest subscriptions)
    {
        using var cut = subscriptions.State.TakeCut();
        var output = new MemoryStream();
        cut.WriteTo(output, TestContext.Current.CancellationToken);
        return output.ToArray();
    }
}
