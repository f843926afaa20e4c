namespace OpenPresence.Engine.Tests;

/// <summary>What holds for the engine as a whole.</summary>
public sealed class EngineTests
{
    [Fact]
    public void It_refers_to_nothing_but_the_base_class_library()
    {
        Assert.All(
            typeof(Rules).Assembly.GetReferencedAssemblies(),
            assembly => Assert.StartsWith("System.", assembly.Name)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Rules.NewestVersion + 1)]
    public void A_version_of_the_rules_that_it_does_not_know_is_refused(int version)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Rules.OfVersion(version));
    }

    [Fact]
    public void Reading_a_plain_record_allocates_nothing()
    {
        var record = new Person().Sets("Available/Available").Prefers("Busy/Busy").Record;
        Read(record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(record);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Plain_presences_are_shared()
    {
        Assert.Same(Presence.Offline, Person.Rules.Merge(PresenceRecord.Empty, Person.Noon));
        Assert.Same(
            new Person().Sets("Busy/InACall").Presence,
            new Person().Sets("Busy/InACall", app: Person.OtherApp).Presence
        );
    }

    [Fact]
    public void Where_somebody_whose_place_is_unknown_works_is_shared()
    {
        var person = new Person();
        person.Do(new SetStatusMessage("Call me", null));
        Assert.Same(WorkLocation.None, person.Presence.WorkLocation);
    }

    private static void Read(PresenceRecord record)
    {
        for (var minute = 0; minute < 300; minute += 5)
        {
            Person.Rules.Merge(record, Person.Minute(minute));
            Person.Rules.NextChangeAt(record, Person.Minute(minute));
        }
        Person.Rules.Prune(record, Person.Minute(0));
    }
}
