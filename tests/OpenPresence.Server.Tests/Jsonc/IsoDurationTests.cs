using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Tests.Jsonc;

public class IsoDurationTests
{
    [Theory]
    [InlineData("PT5M", 300)]
    [InlineData("PT1H30M", 5_400)]
    [InlineData("P1D", 86_400)]
    [InlineData("P1DT12H", 129_600)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("PT0S", 0)]
    [InlineData("PT0.5S", 0.5)]
    [InlineData("-PT30M", -1_800)]
    [InlineData("PT90M", 5_400)]
    public void A_duration_is_read(string text, double seconds)
    {
        Assert.True(IsoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("5M")]
    [InlineData("PT5")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("pt5m")]
    [InlineData("PT5M ")]
    [InlineData("PT5M\n")]
    [InlineData("PT1.5H")]
    [InlineData("PT5M1H")]
    [InlineData("P999999999W")]
    [InlineData("PT9999999999S")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(IsoDuration.TryParse(text, out _));
    }
}
