namespace OpenPresence.Engine.Tests;

/// <summary>Sources: presence-clearpresence (404 without a session, Offline after the last); limits are ours.</summary>
public sealed class DecideTests
{
    [Fact]
    public void Clearing_a_session_that_is_not_there_is_said_and_changes_nothing()
    {
        var person = new Person().Sets("Busy/InACall", app: Person.OtherApp).Reports("Away/Away");
        var before = person.Record;
        Assert.Equal(Outcome.SessionNotFound, person.Do(new ClearPresence(Person.App)));
        Assert.Equal(Outcome.SessionNotFound, person.Do(new RemoveDevice(Person.App)));
        Assert.Same(before, person.Record);
    }

    [Fact]
    public void Clearing_the_only_session_makes_the_person_Offline()
    {
        var person = new Person().Sets("Busy/InACall");
        Assert.Equal(Outcome.Done, person.Do(new ClearPresence(Person.App)));
        Assert.Equal("Offline/Offline", person.Shows);
        Assert.Same(PresenceRecord.Empty, person.Record);
    }

    [Fact]
    public void Signing_out_ends_what_the_person_said_and_keeps_what_the_mailbox_says()
    {
        var person = new Person().Has((CalendarSpanKind.Meeting, 0, 60));
        person.Do(new SetAutomaticReplies(new(null, null, "Gone for good")));
        var mailbox = person.Record;
        person.Sets("Busy/InACall").Reports("Available/Available");
        person.Do(new SetUserPreferredPresence(Person.Pair("Busy/Busy"), Person.Minutes(5)));
        person.Do(new SetStatusMessage("Call me", null));
        person.Do(new SetManualLocation(WorkLocationType.Office, "m", Person.Minute(5)));
        person.Do(new SetAutomaticLocation(WorkLocationType.Office, "a", Person.Minute(5)));

        Assert.Equal(Outcome.Done, person.Do(new SignOut()));
        Assert.Equal(mailbox, person.Record);
        Assert.Equal("Offline/OutOfOffice", person.Shows);

        var before = person.Record;
        Assert.Equal(Outcome.Done, person.Do(new SignOut()));
        Assert.Same(before, person.Record);
    }

    [Fact]
    public void A_session_that_has_just_ended_cannot_be_cleared()
    {
        var person = new Person().Sets("Busy/InACall", 5);
        var decision = Person.Rules.Decide(person.Record, new ClearPresence(Person.App), Person.Minute(5));
        Assert.Equal(Outcome.SessionNotFound, decision.Outcome);
        Assert.Same(PresenceRecord.Empty, decision.Record);
    }

    [Fact]
    public void Each_application_and_each_device_has_a_session_of_its_own()
    {
        var person = new Person()
            .Sets("Away/Away")
            .Sets("Busy/InACall", app: Person.OtherApp)
            .Reports("Available/Available", device: Person.App);
        Assert.Equal(3, person.Record.Sessions.Length);
        Assert.Equal(Outcome.Done, person.Do(new ClearPresence(Person.OtherApp)));
        Assert.Equal("Available/Available", person.Shows);
        Assert.Equal(Outcome.Done, person.Do(new RemoveDevice(Person.App)));
        Assert.Equal("Away/Away", person.Shows);
    }

    [Fact]
    public void Setting_again_replaces_the_pair_and_counts_the_duration_from_now()
    {
        var person = new Person().Sets("Busy/InACall", 10).At(9).Sets("Away/Away", 10);
        Assert.Equal(["9 Away/Away", "19 Offline/Offline"], person.Future());
    }

    [Fact]
    public void The_same_command_at_the_same_instant_changes_nothing()
    {
        PresenceCommand[] commands =
        [
            new SetPresence(Person.App, Person.Pair("Busy/InACall"), Person.Minutes(5)),
            new ReportDevice(Person.Phone, Person.Pair("Away/Away"), Person.Minutes(5)),
            new SetUserPreferredPresence(Person.Pair("Busy/Busy"), Person.Minutes(5)),
            new SetStatusMessage("Lunch", Person.Minute(5)),
            new SetManualLocation(WorkLocationType.Office, "m", Person.Minute(5)),
            new SetAutomaticLocation(WorkLocationType.Office, "a", Person.Minute(5)),
            new SetAutomaticReplies(new(null, Person.Minute(5), "Away")),
            new SetCalendar([new(CalendarSpanKind.Meeting, Person.Noon, Person.Minute(5))]),
        ];
        var person = new Person();
        foreach (var command in commands)
        {
            person.Do(command);
        }
        var before = person.Record;
        Assert.All(commands, command => Assert.Equal(Outcome.Done, person.Do(command)));
        Assert.Same(before, person.Record);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void What_has_ended_already_ends_what_it_renews_and_begins_nothing(double minutes)
    {
        var lasts = Person.Minutes(minutes);
        var person = new Person().Sets("Busy/InACall").Reports("Away/Away").Prefers("Busy/Busy");

        Assert.Equal(Outcome.Done, person.Do(new SetPresence(Person.App, Person.Pair("Busy/InACall"), lasts)));
        Assert.Equal(Person.Phone, Assert.Single(person.Record.Sessions).Key);
        Assert.Equal(Outcome.Done, person.Do(new SetUserPreferredPresence(Person.Pair("Busy/Busy"), lasts)));
        Assert.Null(person.Record.Preferred);
        Assert.Equal(Outcome.Done, person.Do(new ReportDevice(Person.Phone, Person.Pair("Away/Away"), lasts)));
        Assert.Same(PresenceRecord.Empty, person.Record);

        Assert.Equal(Outcome.Done, person.Do(new ReportDevice(Person.Phone, Person.Pair("Away/Away"), lasts)));
        Assert.Same(PresenceRecord.Empty, person.Record);
    }

    [Fact]
    public void At_the_limit_a_new_session_is_refused_and_those_that_exist_go_on()
    {
        var person = new Person();
        for (var device = 1; device <= EngineLimits.SessionsPerPersonMax; device++)
        {
            person.Reports("Away/Away", 10, new Guid(device, 0, 0, new byte[8]));
        }
        var set = new SetPresence(Person.App, Person.Pair("Busy/InACall"), Person.Minutes(5));
        var before = person.Record;
        Assert.Equal(Outcome.TooManySessions, person.Do(set));
        Assert.Same(before, person.Record);
        person.Reports("Busy/Busy", 20, new Guid(7, 0, 0, new byte[8]));
        Assert.Equal("Busy/Busy", person.Shows);
        person.Reports("Busy/InACall", 20, new Guid(1, 0, 0, new byte[8]));
        Assert.Equal("Busy/InACall", person.Shows);
        Assert.Equal(Outcome.Done, person.Do(new RemoveDevice(new Guid(8, 0, 0, new byte[8]))));
        Assert.Equal(Outcome.Done, person.Do(set));
    }

    [Fact]
    public void Sessions_that_have_ended_make_room()
    {
        var person = new Person();
        for (var device = 1; device <= EngineLimits.SessionsPerPersonMax; device++)
        {
            person.Reports("Away/Away", 10, new Guid(device, 0, 0, new byte[8]));
        }
        Assert.Equal(Outcome.Done, person.At(10).Do(new ReportDevice(default, default, default)));
    }

    [Fact]
    public void A_calendar_beyond_the_limit_is_refused_and_the_old_one_stays()
    {
        var person = new Person().Has((CalendarSpanKind.Meeting, 0, 10));
        var before = person.Record;
        Assert.Equal(Outcome.TooManyCalendarSpans, person.Do(Meetings(1)));
        Assert.Same(before, person.Record);
        Assert.Equal(Outcome.Done, person.Do(Meetings(0)));
        Assert.Equal(EngineLimits.CalendarSpansPerPersonMax, person.Record.Calendar.Length);
    }

    [Fact]
    public void No_content_of_a_command_makes_a_rule_throw()
    {
        var nonsense = new PresencePair((Availability)200, (Activity)200);
        var person = new Person();
        person.Do(new ReportDevice(Person.Phone, nonsense, TimeSpan.MaxValue));
        Assert.Equal(nonsense, person.Presence.Pair);
        person.Do(new SetUserPreferredPresence(nonsense, TimeSpan.MinValue));
        Assert.Null(person.Record.Preferred);
        person.Do(new SetPresence(Person.App, nonsense, TimeSpan.MinValue));
        Assert.Equal(SessionKind.Device, person.Record.Sessions.Single().Kind);
        Assert.Equal("Away/Away", person.Sets("Away/Away").Shows);
    }

    private static SetCalendar Meetings(int more) =>
        new([
            .. Enumerable
                .Range(0, EngineLimits.CalendarSpansPerPersonMax + more)
                .Select(day => new CalendarSpan(CalendarSpanKind.Meeting, Person.Minute(day), Person.Minute(day + 1))),
        ]);
}
