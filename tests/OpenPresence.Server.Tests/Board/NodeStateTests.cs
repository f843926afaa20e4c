using OpenPresence.Engine;
using OpenPresence.Server.Board;
using OpenPresence.Server.Directory;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Tests.Board;

/// <summary>
/// The node as a state machine: the same entries give the same state, byte for byte in its snapshot. The
/// entries are seeded at random; a failure prints its seed.
/// </summary>
public sealed class NodeStateTests
{
    private const int Entries = 2_000;

    private static readonly Guid Tenant = new("7e000000-0000-0000-0000-000000000001");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_nodes_fed_the_same_entries_are_equal_whatever_was_read(int seed)
    {
        var entries = RandomEntries(seed);
        var (quiet, read) = (NewState(), NewState());
        foreach (var entry in entries)
        {
            quiet.Apply(entry);
            read.Apply(entry);
            _ = read.Board.Tenants.TryGet(Tenant, out var tenant);
            _ = read.Board.TryRead(tenant, Person(seed % 7), out _);
        }
        Assert.Equal(Snapshot(quiet), Snapshot(read));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_snapshot_and_the_rest_equal_the_whole_log(int seed)
    {
        var entries = RandomEntries(seed);
        var whole = NewState();
        var cutAt = Entries * (seed % 10) / 10;
        NodeState? resumed = null;
        for (var i = 0; i < entries.Count; i++)
        {
            if (i == cutAt)
            {
                resumed = NewState();
                NodeCut.ReadInto(
                    resumed,
                    new MemoryStream(Snapshot(whole)),
                    TestContext.Current.CancellationToken
                );
            }
            whole.Apply(entries[i]);
            resumed?.Apply(entries[i]);
        }
        Assert.Equal(Snapshot(whole), Snapshot(resumed!));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_cut_is_exact_whatever_is_applied_while_it_is_written(int seed)
    {
        var entries = RandomEntries(seed);
        var state = NewState();
        foreach (var entry in entries.Take(Entries / 2))
        {
            state.Apply(entry);
        }
        var expected = Snapshot(state);
        using var cut = state.TakeCut();
        foreach (var entry in entries.Skip(Entries / 2))
        {
            state.Apply(entry);
        }
        Assert.Equal(expected, Bytes(cut));
    }

    [Fact]
    public void A_renewal_stamped_before_an_expiry_never_shows_offline()
    {
        var state = NewState();
        var seen = new List<PresencePair>();
        var position = 0L;
        Apply(0, EntryPayload.Of(new TenantUpserted(new Tenant(Tenant, "T", ["t.example"]))));
        Apply(0, EntryPayload.Of(new PersonKnown(Person(1), Tenant)));
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
                state.Board.Tenants.TryGet(Tenant, out var tenant)
                && state.Board.TryRead(tenant, Person(1), out var view)
            )
            {
                seen.Add(PairNumbers.Pair(view.Entry.Pair));
            }
        }
    }

    private static Instant Start => Instant.From(new(2026, 8, 27, 12, 0, 0, TimeSpan.Zero));

    private static NodeState NewState() => new(new NodeClock(new ManualClock()));

    private static Guid Person(int number) => new(number + 1, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]);

    private static Engine.SetPresence Busy(TimeSpan duration) =>
        new(Person(900), new(Availability.Busy, Activity.InACall), duration);

    private static byte[] Snapshot(NodeState state)
    {
        using var cut = state.TakeCut();
        return Bytes(cut);
    }

    private static byte[] Bytes(NodeCut cut)
    {
        var output = new MemoryStream();
        cut.WriteTo(output, TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    private static List<Entry> RandomEntries(int seed)
    {
        var random = new Random(seed);
        var entries = new List<Entry>();
        var at = Start;
        Add(EntryPayload.Of(new TenantUpserted(new Tenant(Tenant, "T", ["t.example"]))));
        while (entries.Count < Entries)
        {
            at += TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(3_000) : random.Next(20));
            Add(RandomPayload(random, at));
        }
        return entries;

        void Add(byte[] payload) =>
            entries.Add(
                new Entry(
                    entries.Count + 1,
                    at,
                    new Guid(entries.Count, 0, 0, new byte[8]),
                    payload
                )
            );
    }

    private static byte[] RandomPayload(Random random, Instant at)
    {
        var person = Person(random.Next(40));
        var app = Person(900 + random.Next(3));
        return random.Next(14) switch
        {
            0 => EntryPayload.Of(new PersonKnown(person, Tenant)),
            1 when random.Next(4) == 0 => EntryPayload.Of(new PersonRemoved(person)),
            2 => EntryPayload.Tick.ToArray(),
            3 => EntryPayload.Of(person, new Engine.ClearPresence(app)),
            4 => EntryPayload.Of(
                person,
                new Engine.SetUserPreferredPresence(
                    new(Availability.Away, Activity.Away),
                    TimeSpan.FromMinutes(random.Next(1, 600))
                )
            ),
            5 => EntryPayload.Of(person, new Engine.ClearUserPreferredPresence()),
            6 => EntryPayload.Of(
                person,
                new Engine.SetStatusMessage($"m{random.Next(9)}", at + TimeSpan.FromMinutes(9))
            ),
            7 => EntryPayload.Of(
                person,
                new ReportDevice(
                    app,
                    new(Availability.DoNotDisturb, Activity.Presenting),
                    TimeSpan.FromMinutes(random.Next(1, 60))
                )
            ),
            8 => EntryPayload.Of(
                person,
                new Engine.SetManualLocation(
                    WorkLocationType.Remote,
                    null,
                    at + TimeSpan.FromHours(random.Next(1, 9))
                )
            ),
            9 => EntryPayload.Of(
                person,
                new Engine.SetCalendar([
                    new CalendarSpan(
                        CalendarSpanKind.Meeting,
                        at + TimeSpan.FromMinutes(random.Next(60)),
                        at + TimeSpan.FromMinutes(60 + random.Next(60))
                    ),
                ])
            ),
            10 => EntryPayload.Of(
                person,
                new Engine.SetAutomaticReplies(
                    random.Next(2) == 0 ? null : new AutomaticReplies(null, null, "away")
                )
            ),
            _ => EntryPayload.Of(
                person,
                new Engine.SetPresence(
                    app,
                    random.Next(2) == 0
                        ? new(Availability.Available, Activity.Available)
                        : new(Availability.Busy, Activity.InACall),
                    TimeSpan.FromMinutes(random.Next(5, 240))
                )
            ),
        };
    }
}
