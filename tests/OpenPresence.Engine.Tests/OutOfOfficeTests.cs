using static OpenPresence.Engine.CalendarSpanKind;

namespace OpenPresence.Engine.Tests;

/// <summary>Source: cloud-communications-manage-presence-state, table and note; the lone Offline is ours.</summary>
public sealed class OutOfOfficeTests
{
    public static TheoryData<string> EveryPair() => new(PairTable.Rows.Select(row => row.Pair.ToString()));

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void It_colours_Available_and_leaves_every_other_pair(string pair)
    {
        var person = new Person().Has((OutOfOffice, 0, 60)).Reports(pair);
        Assert.Equal(pair == "Available/Available" ? "Available/OutOfOffice" : pair, person.Shows);
        Assert.True(person.Presence.IsOutOfOffice);
    }

    [Fact]
    public void Without_a_session_it_shows_Offline_OutOfOffice()
    {
        Assert.Equal(
            ["0 Offline/Offline", "10 Offline/OutOfOffice", "20 Offline/Offline"],
            new Person().Has((OutOfOffice, 10, 20)).Future()
        );
    }

    [Fact]
    public void A_faded_Available_stays_faded()
    {
        Assert.Equal(
            [
                "0 Available/OutOfOffice",
                "5 Available/AvailableInactive",
                "10 Away/Away",
                "30 Offline/OutOfOffice",
                "60 Offline/Offline",
            ],
            new Person().Has((OutOfOffice, 0, 60)).Sets("Available/Available", 30).Future()
        );
    }

    [Fact]
    public void A_preferred_Available_is_coloured_too()
    {
        var person = new Person().Has((OutOfOffice, 0, 60)).Sets("Busy/InACall");
        Assert.Equal("Available/OutOfOffice", person.Prefers("Available/Available").Shows);
        Assert.Equal("Busy/Busy", person.Prefers("Busy/Busy").Shows);
        Assert.Equal("Offline/OffWork", person.Prefers("Offline/OffWork").Shows);
    }

    [Fact]
    public void Automatic_replies_mean_it_while_they_are_on_and_show_their_message()
    {
        var person = new Person();
        person.Do(new SetAutomaticReplies(new(Person.Minute(10), Person.Minute(20), "Back soon.")));
        Assert.False(person.Presence.IsOutOfOffice);
        Assert.Null(person.Presence.OutOfOfficeMessage);
        person.At(10);
        Assert.True(person.Presence.IsOutOfOffice);
        Assert.Equal("Back soon.", person.Presence.OutOfOfficeMessage);
        Assert.Equal("Offline/OutOfOffice", person.Shows);
        Assert.Same(PresenceRecord.Empty, person.At(20).Record);
    }

    [Fact]
    public void Automatic_replies_without_an_end_hold_until_they_are_switched_off()
    {
        var person = new Person();
        person.Do(new SetAutomaticReplies(new(null, null, null)));
        Assert.True(person.At(1_000_000).Presence.IsOutOfOffice);
        person.Do(new SetAutomaticReplies(null));
        Assert.Same(PresenceRecord.Empty, person.Record);
    }

    [Fact]
    public void An_absence_in_the_calendar_has_no_message_of_its_own()
    {
        var presence = new Person().Has((OutOfOffice, 0, 60)).Presence;
        Assert.True(presence.IsOutOfOffice);
        Assert.Null(presence.OutOfOfficeMessage);
    }
}
