namespace OpenPresence.Engine.Tests;

/// <summary>
/// Sources: presence-setuserpreferredpresence, cloud-communications-manage-presence-state; appear offline:
/// seen in the real service.
/// </summary>
public sealed class PreferredTests
{
    public static TheoryData<string, string> EveryCombination()
    {
        var data = new TheoryData<string, string>();
        foreach (var preferred in PairTable.Rows.Where(row => row.Uses.HasFlag(PairUses.Prefer)))
        {
            foreach (var session in PairTable.Rows)
            {
                data.Add(preferred.Pair.ToString(), session.Pair.ToString());
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(EveryCombination))]
    public void The_preferred_presence_hides_every_session(string preferred, string session)
    {
        Assert.Equal(preferred, new Person().Reports(session).Prefers(preferred).Shows);
    }

    [Theory]
    [InlineData("Available/Available")]
    [InlineData("Busy/Busy")]
    [InlineData("DoNotDisturb/DoNotDisturb")]
    [InlineData("BeRightBack/BeRightBack")]
    [InlineData("Away/Away")]
    [InlineData("Offline/OffWork")]
    public void It_shows_only_while_there_is_a_session(string preferred)
    {
        Assert.Equal(["0 Offline/Offline", "600 Offline/Offline"], new Person().Prefers(preferred).Future());
        Assert.Equal(
            [$"0 {preferred}", "30 Offline/Offline", "600 Offline/Offline"],
            new Person().Prefers(preferred).Sets("Busy/InACall", 30).Future()
        );
    }

    [Fact]
    public void It_waits_for_a_session_that_comes_later()
    {
        var person = new Person().Prefers("Busy/Busy").At(10);
        Assert.Equal("Offline/Offline", person.Shows);
        Assert.Equal("Busy/Busy", person.Sets("Away/Away").Shows);
    }

    [Fact]
    public void When_it_ends_the_sessions_show_as_they_have_become_meanwhile()
    {
        Assert.Equal(
            ["0 Busy/Busy", "7 Available/AvailableInactive", "10 Away/Away", "30 Offline/Offline"],
            new Person().Sets("Available/Available", 30).Prefers("Busy/Busy", 7).Future()
        );
    }

    [Fact]
    public void When_it_is_cleared_the_sessions_show_at_once_and_clearing_twice_is_fine()
    {
        var person = new Person().Sets("Busy/InACall").Prefers("Available/Available");
        Assert.Equal(Outcome.Done, person.Do(new ClearUserPreferredPresence()));
        Assert.Equal("Busy/InACall", person.Shows);
        var before = person.Record;
        Assert.Equal(Outcome.Done, person.Do(new ClearUserPreferredPresence()));
        Assert.Same(before, person.Record);
    }

    [Fact]
    public void Whoever_appears_offline_stays_so_while_applications_set_what_they_like()
    {
        var person = new Person().Sets("Available/Available").Prefers("Offline/OffWork");
        Assert.Equal("Offline/OffWork", person.Sets("DoNotDisturb/Presenting").Shows);
    }

    [Fact]
    public void A_preferred_Available_does_not_fade()
    {
        var person = new Person().Sets("Busy/InACall").Prefers("Available/Available", 120);
        Assert.Equal("Available/Available", person.At(119).Shows);
        Assert.Equal("Busy/InACall", person.At(120).Shows);
    }

    [Theory]
    [InlineData("DoNotDisturb/DoNotDisturb", 1)]
    [InlineData("Busy/Busy", 1)]
    [InlineData("Available/Available", 7)]
    [InlineData("BeRightBack/BeRightBack", 7)]
    [InlineData("Away/Away", 7)]
    [InlineData("Offline/OffWork", 7)]
    public void Without_a_duration_it_holds_one_day_or_seven(string pair, int days)
    {
        Assert.Equal(TimeSpan.FromDays(days), GraphLimits.PreferredDurationOf(Person.Pair(pair)));
    }
}
