namespace OpenPresence.Engine.Tests;

public sealed class InstantTests
{
    [Fact]
    public void Adding_past_the_end_of_time_gives_never()
    {
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(1));
    }

    [Fact]
    public void It_is_written_as_Graph_writes_instants()
    {
        var at = Instant.From(new DateTimeOffset(2026, 8, 27, 11, 14, 22, TimeSpan.FromHours(2)));
        Assert.Equal("2026-08-27T09:14:22.0000000Z", at.ToString());
    }
}
