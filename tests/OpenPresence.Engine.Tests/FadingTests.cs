namespace OpenPresence.Engine.Tests;

/// <summary>Source: cloud-communications-manage-presence-state, "Timeout, expiration, and keep alive".</summary>
public sealed class FadingTests
{
    [Fact]
    public void Available_fades_to_AvailableInactive_after_five_minutes_then_to_Away_then_ends()
    {
        Assert.Equal(
            ["0 Available/Available", "5 Available/AvailableInactive", "10 Away/Away", "60 Offline/Offline"],
            new Person().Sets("Available/Available", 60).Future()
        );
    }

    [Fact]
    public void A_session_of_five_minutes_ends_without_ever_fading()
    {
        Assert.Equal(
            ["0 Available/Available", "5 Offline/Offline"],
            new Person().Sets("Available/Available", 5).Future()
        );
    }

    [Fact]
    public void A_session_of_ten_minutes_ends_instead_of_its_second_step()
    {
        Assert.Equal(
            ["0 Available/Available", "5 Available/AvailableInactive", "10 Offline/Offline"],
            new Person().Sets("Available/Available", 10).Future()
        );
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(59)]
    public void A_renewal_makes_a_faded_session_fresh_and_counts_from_anew(double minute)
    {
        var person = new Person().Sets("Available/Available", 60).At(minute);
        person.Sets("Available/Available", 60);
        Assert.Equal("Available/Available", person.Shows);
        Assert.Equal("Available/Available", person.At(minute + 4.99).Shows);
        Assert.Equal("Available/AvailableInactive", person.At(minute + 5).Shows);
    }

    [Theory]
    [InlineData("Busy/InACall")]
    [InlineData("Busy/InAConferenceCall")]
    [InlineData("Away/Away")]
    [InlineData("DoNotDisturb/Presenting")]
    public void No_other_pair_of_an_application_fades(string pair)
    {
        Assert.Equal([$"0 {pair}", "240 Offline/Offline"], new Person().Sets(pair).Future());
    }

    [Fact]
    public void A_device_reports_its_own_idleness_so_its_Available_does_not_fade()
    {
        Assert.Equal(
            ["0 Available/Available", "60 Offline/Offline"],
            new Person().Reports("Available/Available", 60).Future()
        );
    }

    [Fact]
    public void A_fresh_Available_of_one_application_hides_the_faded_one_of_another()
    {
        var person = new Person().Sets("Available/Available").At(6);
        Assert.Equal("Available/AvailableInactive", person.Shows);
        person.Sets("Available/Available", app: Person.OtherApp);
        Assert.Equal("Available/Available", person.Shows);
    }

    [Fact]
    public void A_faded_session_is_hidden_by_a_device_that_is_right_back()
    {
        var person = new Person().Reports("BeRightBack/BeRightBack").Sets("Available/Available");
        Assert.Equal("Available/AvailableInactive", person.At(5).Shows);
        Assert.Equal("BeRightBack/BeRightBack", person.At(10).Shows);
    }
}
