using static OpenPresence.Engine.CalendarSpanKind;

namespace OpenPresence.Engine.Tests;

/// <summary>
/// Source: cloud-communications-manage-presence-state says that the calendar makes InAMeeting, and Focusing
/// in older copies; that both count as a session beside a real one is inferred.
/// </summary>
public sealed class CalendarTests
{
    public static TheoryData<string, string, string> EveryPair()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var row in PairTable.Rows)
        {
            var pair = row.Pair.ToString();
            var isInCall = pair is "Busy/InACall" or "Busy/InAConferenceCall";
            var isUndisturbed = row.Pair.Availability == Availability.DoNotDisturb;
            data.Add(
                pair,
                isInCall || isUndisturbed ? pair : "Busy/InAMeeting",
                pair == "DoNotDisturb/Presenting" ? pair : "DoNotDisturb/Focusing"
            );
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void A_meeting_and_a_focus_time_stand_among_the_sessions(string session, string inMeeting, string inFocus)
    {
        Assert.Equal(inMeeting, new Person().Reports(session).Has((Meeting, 0, 30)).Shows);
        Assert.Equal(inFocus, new Person().Reports(session).Has((Focus, 0, 30)).Shows);
        Assert.Equal(inFocus, new Person().Reports(session).Has((Meeting, 0, 30), (Focus, 0, 30)).Shows);
    }

    [Theory]
    [InlineData(Meeting)]
    [InlineData(Focus)]
    public void It_shows_only_while_a_real_session_exists(CalendarSpanKind kind)
    {
        Assert.Equal("Offline/Offline", new Person().Has((kind, 0, 30)).Shows);
    }

    [Fact]
    public void A_session_that_says_the_same_as_the_calendar_is_the_one_shown()
    {
        var person = new Person().Reports("Busy/InAMeeting").Has((Meeting, 0, 30));
        Assert.Equal(MergeRule.Session, person.Presence.Rule);
    }

    [Fact]
    public void A_day_of_meetings_shows_by_itself()
    {
        Assert.Equal(
            [
                "0 Available/Available",
                "10 Busy/InAMeeting",
                "20 DoNotDisturb/Focusing",
                "30 Busy/InAMeeting",
                "40 Busy/InAMeeting",
                "50 Available/OutOfOffice",
                "60 Available/Available",
                "600 Offline/Offline",
            ],
            new Person()
                .Reports("Available/Available")
                .Has((OutOfOffice, 50, 60), (Meeting, 10, 40), (Focus, 20, 30), (Meeting, 35, 50))
                .Future()
        );
    }

    [Fact]
    public void The_preferred_presence_hides_meetings_too()
    {
        var person = new Person().Reports("Away/Away").Has((Meeting, 0, 30));
        Assert.Equal("Available/Available", person.Prefers("Available/Available").Shows);
    }

    [Fact]
    public void A_calendar_is_the_same_whatever_order_its_spans_come_in()
    {
        CalendarSpan[] spans =
        [
            new(Meeting, Person.Minute(10), Person.Minute(20)),
            new(Meeting, Person.Minute(10), Person.Minute(30)),
            new(Focus, Person.Minute(10), Person.Minute(20)),
            new(Place, Person.Minute(10), Person.Minute(20), WorkLocationType.Office, "a"),
            new(Place, Person.Minute(10), Person.Minute(20), WorkLocationType.Office, "b"),
            new(Place, Person.Minute(10), Person.Minute(20), WorkLocationType.Office),
            new(Place, Person.Minute(10), Person.Minute(20), WorkLocationType.Remote),
            new(Place, Person.Minute(10), Person.Minute(20), WorkLocationType.TimeOff),
        ];
        var (forth, back) = (new Person(), new Person());
        forth.Do(new SetCalendar([.. spans]));
        back.Do(new SetCalendar([.. spans.Reverse(), .. spans]));
        Assert.Equal(forth.Record, back.Record);
        Assert.Equal(spans.Length, forth.Record.Calendar.Length);
    }

    [Fact]
    public void What_has_ended_or_never_is_does_not_enter_the_calendar()
    {
        var person = new Person().At(30);
        person.Has((Meeting, 0, 30), (Meeting, 50, 40), (Meeting, 60, 60));
        Assert.Same(PresenceRecord.Empty, person.Record);
    }

    [Fact]
    public void Two_commands_with_the_same_spans_are_equal()
    {
        var meeting = new CalendarSpan(Meeting, Person.Noon, Person.Minute(5));
        Assert.Equal(new SetCalendar([meeting]), new SetCalendar([meeting]));
        Assert.NotEqual(new SetCalendar([meeting]), new SetCalendar([]));
        Assert.False(new SetCalendar([meeting]).Equals(null));
    }

    [Fact]
    public void The_same_calendar_again_changes_nothing()
    {
        var person = new Person().Has((Meeting, 0, 30), (Focus, 10, 30));
        var before = person.Record;
        Assert.Same(before, person.Has((Focus, 10, 30), (Meeting, 0, 30)).Record);
    }
}
