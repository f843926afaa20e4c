namespace OpenPresence.Engine.Tests;

/// <summary>
/// Everything that ends by itself: it is there up to the instant before its end, gone at its end, and the end
/// is announced. Sources: the reference page of the operation that begins it.
/// </summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan Tick = new(1);
    private static readonly Instant End = Person.Minute(60);

    public static TheoryData<string, PresenceCommand> Everything() =>
        new()
        {
            { "presence-setpresence", new SetPresence(Person.App, Person.Pair("Busy/InACall"), End - Person.Noon) },
            {
                "ours: a device without a heartbeat",
                new ReportDevice(Person.Phone, Person.Pair("Away/Away"), End - Person.Noon)
            },
            {
                "presence-setuserpreferredpresence",
                new SetUserPreferredPresence(Person.Pair("Busy/Busy"), End - Person.Noon)
            },
            { "presence-setstatusmessage", new SetStatusMessage("Lunch", End) },
            { "presence-setmanuallocation", new SetManualLocation(WorkLocationType.Office, null, End) },
            { "presence-setautomaticlocation", new SetAutomaticLocation(WorkLocationType.Remote, "p", End) },
            { "event, showAs busy", new SetCalendar([new(CalendarSpanKind.Meeting, Person.Noon, End)]) },
            { "event, showAs oof", new SetCalendar([new(CalendarSpanKind.OutOfOffice, Person.Noon, End)]) },
            { "focus time", new SetCalendar([new(CalendarSpanKind.Focus, Person.Noon, End)]) },
            { "work plan", new SetCalendar([new(CalendarSpanKind.Place, Person.Noon, End, WorkLocationType.Office)]) },
            { "mailboxSettings, automaticRepliesSetting", new SetAutomaticReplies(new(Person.Noon, End, "Away")) },
        };

    [Theory]
    [MemberData(nameof(Everything))]
    public void It_is_there_until_the_instant_of_its_end(string source, PresenceCommand command)
    {
        var person = new Person();
        Assert.Equal(Outcome.Done, person.Do(command));
        Assert.NotSame(PresenceRecord.Empty, person.Record);
        Assert.True(Person.Rules.NextChangeAt(person.Record, Person.Noon) == End, source);
        Assert.Same(person.Record, Person.Rules.Prune(person.Record, End - Tick));
        Assert.Same(PresenceRecord.Empty, Person.Rules.Prune(person.Record, End));
        Assert.Equal(Presence.Offline, Person.Rules.Merge(person.Record, End));
        Assert.Null(Person.Rules.NextChangeAt(person.Record, End));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void What_ends_beside_something_that_lasts_leaves_that(string source, PresenceCommand command)
    {
        var person = new Person();
        person.Do(new ReportDevice(Guid.AllBitsSet, Person.Pair("Away/Away"), Person.Minutes(90)));
        person.Do(command);
        var pruned = Person.Rules.Prune(person.Record, End);
        Assert.True(pruned.Sessions.Single().Key == Guid.AllBitsSet, source);
        Assert.Equal("Away/Away", Person.Rules.Merge(person.Record, End).Pair.ToString());
        Assert.Equal(Person.Minute(90), Person.Rules.NextChangeAt(pruned, End));
    }

    [Fact]
    public void What_arrives_already_ended_is_as_if_it_had_ended_at_once()
    {
        var person = new Person();
        person.Do(new SetStatusMessage("Lunch", null));
        person.Do(new SetManualLocation(WorkLocationType.Office, null, Person.Minute(10)));
        person.At(5);
        Assert.Equal(Outcome.Done, person.Do(new SetStatusMessage("Late", Person.Minute(5))));
        Assert.Equal(Outcome.Done, person.Do(new SetManualLocation(WorkLocationType.Remote, null, Person.Minute(4))));
        Assert.Same(PresenceRecord.Empty, person.Record);
    }

    [Fact]
    public void A_status_message_without_an_expiry_never_ends()
    {
        var person = new Person();
        person.Do(new SetStatusMessage("For ever", null));
        Assert.Null(Person.Rules.NextChangeAt(person.Record, person.Now));
        Assert.Equal(
            new StatusMessage("For ever", Person.Noon, null),
            Person.Rules.Merge(person.Record, Instant.Never - Tick).StatusMessage
        );
    }

    [Fact]
    public void A_duration_beyond_the_end_of_time_never_ends()
    {
        var person = new Person().Sets("Away/Away", 10);
        person.Do(new SetUserPreferredPresence(Person.Pair("Busy/Busy"), TimeSpan.MaxValue));
        Assert.Equal(Instant.Never, person.Record.Preferred!.ExpiresAt);
        Assert.Null(Person.Rules.NextChangeAt(person.At(20).Record, person.Now));
    }

    [Fact]
    public void An_empty_status_message_clears_it()
    {
        var person = new Person();
        person.Do(new SetStatusMessage("Lunch", null));
        Assert.Equal("Lunch", person.Presence.StatusMessage?.Content);
        person.Do(new SetStatusMessage("", null));
        Assert.Same(PresenceRecord.Empty, person.Record);
    }
}
