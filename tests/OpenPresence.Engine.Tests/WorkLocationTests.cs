using static OpenPresence.Engine.WorkLocationType;

namespace OpenPresence.Engine.Tests;

/// <summary>Source: the userWorkLocation page and presence-setmanuallocation and its neighbours.</summary>
public sealed class WorkLocationTests
{
    private static readonly WorkLocation Scheduled = new(Remote, WorkLocationSource.Scheduled, null);

    [Theory]
    [InlineData(false, false, false, WorkLocationSource.None)]
    [InlineData(false, false, true, WorkLocationSource.Scheduled)]
    [InlineData(false, true, false, WorkLocationSource.Automatic)]
    [InlineData(false, true, true, WorkLocationSource.Automatic)]
    [InlineData(true, false, false, WorkLocationSource.Manual)]
    [InlineData(true, false, true, WorkLocationSource.Manual)]
    [InlineData(true, true, false, WorkLocationSource.Manual)]
    [InlineData(true, true, true, WorkLocationSource.Manual)]
    public void Manual_beats_automatic_beats_scheduled(
        bool isManual,
        bool isAutomatic,
        bool isScheduled,
        WorkLocationSource source
    )
    {
        var person = new Person();
        if (isScheduled)
        {
            person.Do(Plan(Remote, null));
        }
        if (isManual)
        {
            person.Do(new SetManualLocation(Office, "m", Person.Minute(100)));
        }
        if (isAutomatic)
        {
            person.Do(new SetAutomaticLocation(TimeOff, "a", Person.Minute(200)));
        }
        Assert.Equal(source, person.Presence.WorkLocation.Source);
    }

    [Fact]
    public void Each_signal_ends_with_its_date_and_the_layer_below_shows()
    {
        var person = new Person();
        person.Do(Plan(Remote, null));
        person.Do(new SetManualLocation(Office, "m", Person.Minute(100)));
        person.Do(new SetAutomaticLocation(TimeOff, null, Person.Minute(200)));
        Assert.Equal(new WorkLocation(Office, WorkLocationSource.Manual, "m"), person.At(99).Presence.WorkLocation);
        Assert.Equal(
            new WorkLocation(TimeOff, WorkLocationSource.Automatic, null),
            person.At(100).Presence.WorkLocation
        );
        Assert.Equal(Scheduled, person.At(200).Presence.WorkLocation);
        Assert.Equal(WorkLocation.None, person.At(300).Presence.WorkLocation);
        Assert.Same(PresenceRecord.Empty, person.Record);
    }

    [Fact]
    public void ClearAutomaticLocation_drops_only_the_automatic_signal()
    {
        var person = new Person();
        person.Do(new SetManualLocation(Office, "m", Person.Minute(100)));
        person.Do(new SetAutomaticLocation(TimeOff, null, Person.Minute(200)));
        person.Do(new ClearAutomaticLocation());
        Assert.Equal(WorkLocationSource.Manual, person.Presence.WorkLocation.Source);
        Assert.Equal(WorkLocation.None, person.At(100).Presence.WorkLocation);
    }

    [Fact]
    public void ClearLocation_drops_both_signals_and_the_schedule_shows()
    {
        var person = new Person();
        person.Do(Plan(Remote, null));
        person.Do(new SetManualLocation(Office, "m", Person.Minute(100)));
        person.Do(new SetAutomaticLocation(TimeOff, null, Person.Minute(200)));
        person.Do(new ClearLocation());
        Assert.Equal(Scheduled, person.Presence.WorkLocation);
    }

    [Fact]
    public void Of_two_plans_the_more_precise_wins_then_the_one_that_starts_later()
    {
        var person = new Person();
        person.Do(
            new SetCalendar([
                new(CalendarSpanKind.Place, Person.Minute(0), Person.Minute(50), Office),
                new(CalendarSpanKind.Place, Person.Minute(10), Person.Minute(20), Office, "x"),
                new(CalendarSpanKind.Place, Person.Minute(15), Person.Minute(40), Remote),
            ])
        );
        Assert.Equal((Office, null), Place(person));
        Assert.Equal((Office, "x"), Place(person.At(10)));
        Assert.Equal((Office, "x"), Place(person.At(15)));
        Assert.Equal((Remote, null), Place(person.At(20)));
        Assert.Equal((Office, null), Place(person.At(40)));
        Assert.Equal((Unspecified, null), Place(person.At(50)));
    }

    [Fact]
    public void A_place_does_not_touch_availability()
    {
        var person = new Person();
        person.Do(Plan(TimeOff, null));
        Assert.Equal("Offline/Offline", person.Shows);
        Assert.Equal("Available/Available", person.Sets("Available/Available").Shows);
        Assert.False(person.Presence.IsOutOfOffice);
    }

    private static SetCalendar Plan(WorkLocationType type, string? placeId) =>
        new([new(CalendarSpanKind.Place, Person.Minute(0), Person.Minute(300), type, placeId)]);

    private static (WorkLocationType Type, string? PlaceId) Place(Person person) =>
        (person.Presence.WorkLocation.Type, person.Presence.WorkLocation.PlaceId);
}
