namespace OpenPresence.Server.Tests;

public sealed class HungTestTests
{
    private readonly ManualClock clock = new();
    private readonly List<string> happened = [];

    [Fact]
    public void A_test_that_ends_in_time_is_left_alone()
    {
        var watched = Watch();
        clock.Advance(HungTest.Limit - TimeSpan.FromSeconds(1));
        watched.Dispose();
        clock.Advance(HungTest.Limit);
        Assert.Empty(happened);
    }

    [Fact]
    public void One_that_hangs_is_cancelled_and_then_ended_by_its_name()
    {
        using var watched = Watch();
        clock.Advance(HungTest.Limit);
        Assert.Equal(["cancelled"], happened);
        clock.Advance(HungTest.Grace);
        Assert.Equal(["cancelled", "HUNG: the test does not heed its token."], happened);
    }

    private HungTest Watch() => new("the test", () => happened.Add("cancelled"), happened.Add, clock);
}
