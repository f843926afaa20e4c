namespace OpenPresence.Engine.Tests;

public sealed class PairNamesTests
{
    [Fact]
    public void Every_name_is_written_in_PascalCase_and_read_back()
    {
        foreach (var availability in Enum.GetValues<Availability>())
        {
            Assert.Equal(availability.ToString(), PairNames.Of(availability));
            Assert.True(PairNames.TryParse(PairNames.Of(availability), out Availability read));
            Assert.Equal(availability, read);
        }
        foreach (var activity in Enum.GetValues<Activity>())
        {
            Assert.Equal(activity.ToString(), PairNames.Of(activity));
            Assert.True(PairNames.TryParse(PairNames.Of(activity), out Activity read));
            Assert.Equal(activity, read);
        }
    }

    [Theory]
    [InlineData("inACall")]
    [InlineData("INACALL")]
    [InlineData("inacall")]
    public void A_name_is_read_in_any_letter_case(string name)
    {
        Assert.True(PairNames.TryParse(name, out Activity activity));
        Assert.Equal(Activity.InACall, activity);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" Busy")]
    [InlineData("Busy ")]
    [InlineData("5")]
    [InlineData("Busy,Away")]
    [InlineData("Busy\0")]
    [InlineData("Buſy")]
    [InlineData("Free")]
    public void What_is_not_a_name_is_not_read(string name)
    {
        Assert.False(PairNames.TryParse(name, out Availability _));
        Assert.False(PairNames.TryParse(name, out Activity _));
    }
}
