namespace OpenPresence.Engine.Tests;

public sealed class NextChangeTests
{
    /// <summary>Longer than anything that <see cref="Chance"/> makes can last.</summary>
    private const int HorizonMinutes = 100;

    [Fact]
    public void It_is_the_first_minute_at_which_anything_differs()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var chance = new Chance(seed);
            var person = new Person();
            for (var commands = 1 + chance.Next(12); commands > 0; commands--)
            {
                person.Do(chance.Command(person.Now));
                person.At((person.Now - Person.Noon).TotalMinutes + chance.Next(4));
            }
            var expected = FirstDifference(person.Record, person.Now);
            var actual = Person.Rules.NextChangeAt(person.Record, person.Now);
            Assert.True(expected == actual, $"seed {seed}: {expected} expected, {actual} said");
        }
    }

    [Fact]
    public void It_is_the_same_whether_or_not_the_record_was_pruned()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var chance = new Chance(seed);
            var person = new Person();
            for (var commands = 1 + chance.Next(12); commands > 0; commands--)
            {
                person.Do(chance.Command(person.Now));
            }
            var at = Person.Minute(chance.Next(30));
            var pruned = Person.Rules.Prune(person.Record, at);
            Assert.True(
                Person.Rules.Merge(pruned, at) == Person.Rules.Merge(person.Record, at),
                $"seed {seed}: merged otherwise"
            );
            Assert.True(
                Person.Rules.NextChangeAt(pruned, at) == Person.Rules.NextChangeAt(person.Record, at),
                $"seed {seed}: changes otherwise"
            );
            Assert.True(ReferenceEquals(pruned, Person.Rules.Prune(pruned, at)), $"seed {seed}: pruned twice");
        }
    }

    [Fact]
    public void Plans_that_start_together_and_leave_the_place_as_it_is_are_no_change()
    {
        var person = new Person();
        person.Do(
            new SetCalendar([
                Plan(0, 60, WorkLocationType.Remote),
                Plan(10, 60, WorkLocationType.Office),
                Plan(10, 70, WorkLocationType.Remote),
                Plan(20, 80, WorkLocationType.Office),
            ])
        );
        Assert.Equal(Person.Minute(20), Person.Rules.NextChangeAt(person.Record, person.Now));
    }

    [Fact]
    public void A_step_of_fading_that_does_not_show_is_no_change()
    {
        var person = new Person().Sets("Available/Available", 60).Reports("Busy/Busy", 50);
        Assert.Equal(Person.Minute(50), Person.Rules.NextChangeAt(person.Record, person.Now));
    }

    [Fact]
    public void What_holds_for_ever_never_changes()
    {
        var person = new Person();
        person.Do(new ReportDevice(Person.Phone, Person.Pair("Available/Available"), TimeSpan.MaxValue));
        Assert.Null(Person.Rules.NextChangeAt(person.Record, person.Now));
    }

    private static CalendarSpan Plan(double from, double to, WorkLocationType type) =>
        new(CalendarSpanKind.Place, Person.Minute(from), Person.Minute(to), type);

    private static Instant? FirstDifference(PresenceRecord record, Instant at)
    {
        var merged = Person.Rules.Merge(record, at);
        for (var minute = 1; minute <= HorizonMinutes; minute++)
        {
            var later = at + Person.Minutes(minute);
            var pruned = Person.Rules.Prune(record, later);
            if (pruned != record || Person.Rules.Merge(pruned, later) != merged)
            {
                return later;
            }
        }
        return null;
    }
}
