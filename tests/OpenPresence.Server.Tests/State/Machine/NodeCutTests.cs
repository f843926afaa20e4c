using OpenPresence.Server.Journal;
using OpenPresence.Server.Serialization;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Tests.State.Machine;

public sealed class NodeCutTests
{
    /// <summary>Some entries of every kind, and few people: each byte costs the reading of a whole snapshot.</summary>
    private const int Entries = 40;
    private const int Seed = 7;

    [Fact]
    public void What_is_damaged_is_refused_or_taken_as_it_is()
    {
        var random = new Random(Seed);
        var whole = Bytes(Filled());
        EveryDamage.IsRefusedOrTakenAsItIs(whole, bytes => Bytes(Read(bytes)), bits: _ => [random.Next(8)]);
    }

    [Fact]
    public void The_people_of_a_tenant_are_counted_as_they_come_back()
    {
        var state = Filled();
        var again = Read(Bytes(state));
        Assert.NotEqual(0, CountOf(state));
        Assert.Equal(CountOf(state), CountOf(again));

        static int CountOf(NodeState state) =>
            state.Board.Tenants.TryGet(RandomEntries.TenantId, out var number)
                ? state.Board.Tenants.PeopleOf(number)
                : -1;
    }

    [Fact]
    public void Rules_that_the_program_does_not_know_are_refused_with_a_sentence()
    {
        var state = Filled();
        var whole = Bytes(state);
        var version = 4 + 1 + 8 + 8; // the frame's length, the format, position and instant
        Assert.Equal(state.Board.Rules.Version, whole[version]);
        whole[version] = 99;
        var refused = Assert.Throws<InvalidDataException>(() => Read(whole));
        Assert.Contains("newer program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_format_is_refused_with_a_sentence()
    {
        var whole = Bytes(Filled());
        whole[4] = 99;
        var refused = Assert.Throws<InvalidDataException>(() => Read(whole));
        Assert.Contains("another version", refused.Message, StringComparison.Ordinal);
    }

    private static NodeState Filled()
    {
        var state = NewState();
        foreach (var entry in RandomEntries.Of(Seed).Take(Entries))
        {
            state.Apply(entry);
        }
        var application = new Application(RandomEntries.Person(900), RandomEntries.TenantId, "App")
        {
            ApplicationPermissions = ["Presence.Read.All"],
        };
        var ada = new Person(RandomEntries.Person(3), RandomEntries.TenantId, "ada@t.example", "Ada L");
        Apply(EntryPayload.Of(new ApplicationUpserted(application)));
        Apply(EntryPayload.Of(new PersonUpserted(ada)));
        Apply(EntryPayload.Of(ada.Id, new Engine.SetStatusMessage("Lunch", null)));
        return state;

        void Apply(byte[] payload) =>
            state.Apply(new Entry(state.Position + 1, state.Board.Now, Guid.NewGuid(), payload));
    }

    private static NodeState NewState() => new(new NodeClock(new ManualClock()));

    private static NodeState Read(byte[] bytes)
    {
        var state = NewState();
        using var input = new MemoryStream(bytes);
        NodeCut.ReadInto(state, input, TestContext.Current.CancellationToken);
        return input.Position == input.Length ? state : throw PackedReader.Broken();
    }

    private static byte[] Bytes(NodeState state)
    {
        using var cut = state.TakeCut();
        var output = new MemoryStream();
        cut.WriteTo(output, TestContext.Current.CancellationToken);
        return output.ToArray();
    }
}
