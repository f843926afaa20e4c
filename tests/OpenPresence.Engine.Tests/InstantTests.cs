namespace OpenPresence.Engine.Tests;

public sealed class InstantTests
{
    [Fact]
    public void Adding_past_the_end_of_time_gives_never()
    {
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData(long.MinValue, 0)]
    [InlineData(-101, 0)]
    [InlineData(-1, 99)]
    [InlineData(0, 100)]
    [InlineData(1, 101)]
    public void Adding_never_leaves_the_calendar(long duration, long expected)
    {
        Assert.Equal(new Instant(expected), new Instant(100) + new TimeSpan(duration));
    }

    [Theory]
    [InlineData(1, 99)]
    [InlineData(101, 0)]
    [InlineData(long.MaxValue, 0)]
    public void Taking_away_never_leaves_the_calendar(long duration, long expected)
    {
        Assert.Equal(new Instant(expected), new Instant(100) - new TimeSpan(duration));
        Assert.Equal(Instant.Never, new Instant(100) - TimeSpan.MinValue);
    }

    [Fact]
    public void It_is_written_as_Graph_writes_instants()
    {
        var at = Instant.From(new DateTimeOffset(2026, 8, 27, 11, 14, 22, TimeSpan.FromHours(2)));
        Assert.Equal("2026-08-27T09:14:22.0000000Z", at.ToString());
    }
}
