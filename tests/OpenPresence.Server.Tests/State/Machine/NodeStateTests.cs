using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Tests.State.Subscriptions;
using static OpenPresence.Server.Tests.State.Machine.RandomEntries;

namespace OpenPresence.Server.Tests.State.Machine;

/// <summary>
/// The node as a state machine: the same entries give the same state, byte for byte in its snapshot. The
/// entries are seeded at random; a failure prints its seed.
/// </summary>
public sealed class NodeStateTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_nodes_fed_the_same_entries_are_equal_whatever_was_read(int seed)
    {
        var entries = RandomEntries.Of(seed);
        var (quiet, read) = (NewState(), NewState());
        foreach (var entry in entries)
        {
            quiet.Apply(entry);
            read.Apply(entry);
            _ = read.Board.Tenants.TryGet(TenantId, out var tenant);
            _ = read.Board.TryRead(tenant, Person(seed % 7), out _);
        }
        Assert.Equal(StateBytes.Of(quiet), StateBytes.Of(read));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_snapshot_and_the_rest_equal_the_whole_log(int seed)
    {
        var entries = RandomEntries.Of(seed);
        var whole = NewState();
        var cutAt = RandomEntries.Count * (seed % 10) / 10;
        NodeState? resumed = null;
        for (var i = 0; i < entries.Count; i++)
        {
            if (i == cutAt)
            {
                resumed = NewState();
                NodeCut.ReadInto(
                    resumed,
                    new MemoryStream(StateBytes.Of(whole)),
                    TestContext.Current.CancellationToken
                );
            }
            whole.Apply(entries[i]);
            resumed?.Apply(entries[i]);
        }
        Assert.Equal(StateBytes.Of(whole), StateBytes.Of(resumed!));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_cut_is_exact_whatever_is_applied_while_it_is_written(int seed)
    {
        var entries = RandomEntries.Of(seed);
        var state = NewState();
        foreach (var entry in entries.Take(RandomEntries.Count / 2))
        {
            state.Apply(entry);
        }
        var expected = StateBytes.Of(state);
        using var cut = state.TakeCut();
        foreach (var entry in entries.Skip(RandomEntries.Count / 2))
        {
            state.Apply(entry);
        }
        Assert.Equal(expected, StateBytes.Of(cut));
    }

    [Fact]
    public void A_renewal_stamped_before_an_expiry_never_shows_offline()
    {
        var state = NewState();
        var seen = new List<PresencePair>();
        var position = 0L;
        Apply(0, EntryPayload.Of(new TenantUpserted(new Tenant(TenantId, "T", ["t.example"]))));
        Apply(0, EntryPayload.Of(new PersonKnown(Person(1), TenantId)));
        for (var minute = 0.0; minute < 60; minute += 4.999)
        {
            Apply(minute, EntryPayload.Of(Person(1), Busy(TimeSpan.FromMinutes(5))));
        }
        Assert.All(seen.Skip(2), pair => Assert.Equal(Availability.Busy, pair.Availability));

        void Apply(double minute, byte[] payload)
        {
            var at = Start + TimeSpan.FromMinutes(minute);
            state.Apply(new Entry(++position, at, Guid.NewGuid(), payload));
            if (
                state.Board.Tenants.TryGet(TenantId, out var tenant)
                && state.Board.TryRead(tenant, Person(1), out var view)
            )
            {
                seen.Add(PairNumbers.Pair(view.Entry.Pair));
            }
        }
    }

    [Fact]
    public void The_end_of_a_subscription_is_a_deadline_of_the_node()
    {
        var state = NewState();
        byte[][] payloads =
        [
            EntryPayload.Of(new TenantUpserted(new Tenant(TenantId, "T", ["t.example"]))),
            EntryPayload.Of(new PersonKnown(Person(1), TenantId)),
            EntryPayload.Of(
                new SubscriptionCreated(
                    SubscriptionsUnderTest.Of(Person(2_000), Person(1)) with
                    {
                        TenantId = TenantId,
                    },
                    InTenantMax: 1,
                    IsOnlyOne: false
                )
            ),
        ];
        foreach (var payload in payloads)
        {
            state.Apply(new Entry(state.Position + 1, Start, Guid.NewGuid(), payload));
        }
        var end = Start + TimeSpan.FromHours(1);
        Assert.Equal(end, state.NextDueAt());
        Assert.True(state.DueBound <= end);
        state.Apply(new Entry(4, end, Guid.NewGuid(), EntryPayload.Tick));
        Assert.Equal(0, state.Subscriptions.Count);
        Assert.Null(state.NextDueAt());
    }

    private static NodeState NewState() => new(new NodeClock(new ManualClock()));

    private static Engine.SetPresence Busy(TimeSpan duration) =>
        new(Person(900), new(Availability.Busy, Activity.InACall), duration);
}
