using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Tests.Issuer;
using Moment = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.State.Machine;

public sealed class StateReplacementTests
{
    private static readonly Guid Tenant = new("7e000000-0000-0000-0000-000000000001");
    private static readonly Guid Ada = new("aa000000-0000-0000-0000-000000000001");
    private static readonly Guid Bob = new("bb000000-0000-0000-0000-000000000002");
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly NodeState state = new(new NodeClock(new ManualClock()));
    private double minute;

    public StateReplacementTests()
    {
        Apply(EntryPayload.Of(new TenantUpserted(new Tenant(Tenant, "Seven", ["seven.example"]))));
        Apply(EntryPayload.Of(new PersonUpserted(new Person(Ada, Tenant, "ada@seven.example", "Ada"))));
        Apply(EntryPayload.Of(new PersonKnown(Bob, Tenant)));
    }

    [Fact]
    public void What_comes_back_is_what_was_kept_with_as_much_time_left()
    {
        Set(Ada, "Available/Available", minutes: 20);
        Apply(EntryPayload.Of(Ada, new Engine.SetStatusMessage("Back at two.", Moment.Minute(90))));
        minute = 3;
        Apply(EntryPayload.Tick);
        var kept = Keep();
        minute = 60;
        Apply(EntryPayload.Of(new PersonRemoved(Ada)));
        Set(Bob, "Busy/InACall", minutes: 240);

        Apply(kept);
        Assert.Equal("Available/Available", Shows(Ada));
        Assert.Equal("Offline/Offline", Shows(Bob));
        Assert.True(state.Directory.TryGetPerson("ada@seven.example", out _));
        // It had stood for three minutes of the five after which it fades, and for three of its twenty.
        minute = 61.9;
        Apply(EntryPayload.Tick);
        Assert.Equal("Available/Available", Shows(Ada));
        minute = 62;
        Apply(EntryPayload.Tick);
        Assert.Equal("Available/AvailableInactive", Shows(Ada));
        minute = 77;
        Apply(EntryPayload.Tick);
        Assert.Equal("Offline/Offline", Shows(Ada));
        Assert.True(state.Board.TryGetRecord(Ada, out var record));
        Assert.Equal(Moment.Minute(147), record.StatusMessage!.ExpiresAt);
    }

    [Fact]
    public void Whoever_came_later_is_gone_and_everybody_who_follows_hears_of_it()
    {
        var kept = Keep();
        var carl = new Guid("cc000000-0000-0000-0000-000000000003");
        Apply(EntryPayload.Of(new PersonKnown(carl, Tenant)));
        Set(Ada, "Busy/InACall", minutes: 240);
        var follower = state.Board.Feed.Follow();
        Apply(kept);
        var told = new Change[16];
        var count = follower.Read(told, out _);
        Assert.Contains(told[..count], change => change.PersonId == carl && change.Reason == ChangeReason.Removed);
        Assert.Equal("Offline/Offline", told[..count].Last(change => change.PersonId == Ada).After.ToString());
        Assert.False(state.Board.TryGetTenantOf(carl, out _));
        Assert.Equal(2, state.Board.People);
    }

    [Fact]
    public void Sequences_never_go_back()
    {
        Set(Ada, "Busy/InACall", minutes: 240);
        var kept = Keep();
        Set(Ada, "Available/Available", minutes: 240);
        var before = SequenceOf(Ada);
        Apply(kept);
        Assert.True(SequenceOf(Ada) > before);
    }

    [Fact]
    public void Sign_ins_end()
    {
        var kept = Keep();
        var before = state.Position;
        Apply(kept);
        Assert.True(state.RevokedSignIns.Contains(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), before));
        Assert.False(state.RevokedSignIns.Contains(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), state.Position));
    }

    [Fact]
    public void A_state_that_is_too_large_for_one_entry_is_not_packed()
    {
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        Assert.Null(StateReplacement.Pack([noise, noise, noise]));
        Assert.Null(StateReplacement.Pack(Enumerable.Repeat(new byte[1 << 20], 65)));
    }

    [Fact]
    public void Ten_thousand_people_with_a_session_each_fit_one_entry()
    {
        for (var number = 1; number <= 10_000; number++)
        {
            var person = new Guid(number, 0, 0, Guid.NewGuid().ToByteArray()[..8]);
            Apply(EntryPayload.Of(new PersonKnown(person, Tenant)));
            Set(person, "Busy/InACall", minutes: 240);
        }
        Assert.InRange(Keep().Length, 100_000, StateReplacement.PayloadBytesMax / 2);
    }

    [Theory]
    [InlineData(new byte[] { 10, 1, 2, 3 })]
    [InlineData(new byte[] { 10, 200, 200, 200, 200, 15, 1 })]
    [InlineData(new byte[] { 10 })]
    public void Bytes_that_are_no_state_change_nothing_but_stop_the_node(byte[] payload)
    {
        var before = state.Board.People;
        Assert.ThrowsAny<Exception>(() => Apply(payload));
        Assert.Equal(before, state.Board.People);
    }

    /// <summary>Writers go on while the state is replaced again and again; a restart comes to the very same bytes.</summary>
    [Fact]
    public async Task Under_load_a_restart_comes_to_the_same_state()
    {
        using var folder = new TemporaryDirectory();
        var clock = new ManualClock();
        byte[] bytes;
        await using (var journal = Open(folder.Path, clock))
        await using (var node = await StartAsync(journal, clock))
        {
            await node.ExecuteAsync(new TenantUpserted(new Tenant(Tenant, "Seven", ["seven.example"])));
            await node.ExecuteAsync(new PersonKnown(Ada, Tenant));
            var kept = node.Between(known => StateReplacement.Pack(StateReplacement.PayloadsOf(known)))!;
            var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() => WriteAsync(node, writer), Cancel));
            var resets = Task.Run(() => ReplaceAsync(node, kept), Cancel);
            await Task.WhenAll([.. writers, resets]);
            Assert.Null(node.Fault);
            bytes = node.Between(BytesOf);
        }
        await using var again = Open(folder.Path, clock);
        await using var restarted = await StartAsync(again, clock);
        Assert.Equal(bytes, restarted.Between(BytesOf));
    }

    private static async Task WriteAsync(Node node, int writer)
    {
        for (var round = 0; round < 300; round++)
        {
            var person = new Guid(round % 20, (short)writer, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
            await node.ExecuteAsync(new PersonKnown(person, Tenant));
            await node.ExecuteAsync(
                person,
                new Engine.SetPresence(Moment.App, Pair("Busy/InACall"), TimeSpan.FromHours(1))
            );
        }
    }

    private static async Task ReplaceAsync(Node node, byte[] kept)
    {
        for (var round = 0; round < 30; round++)
        {
            await node.AppendAsync(kept);
        }
    }

    private static LocalJournal Open(string folder, ManualClock clock) =>
        LocalJournal.Open(
            new LocalJournalOptions { Directory = folder },
            () => Instant.From(clock.GetUtcNow()),
            clock,
            NullLogger<LocalJournal>.Instance
        );

    private static Task<Node> StartAsync(IJournal journal, ManualClock clock) =>
        Node.StartAsync(journal, new NodeClock(clock), new NodeSettings(), NullLogger.Instance, Cancel);

    private static byte[] BytesOf(NodeState known)
    {
        using var cut = known.TakeCut();
        using var bytes = new MemoryStream();
        cut.WriteTo(bytes, CancellationToken.None);
        return bytes.ToArray();
    }

    private byte[] Keep() => StateReplacement.Pack(StateReplacement.PayloadsOf(state))!;

    private void Set(Guid person, string pair, double minutes) =>
        Apply(EntryPayload.Of(person, new Engine.SetPresence(Moment.App, Pair(pair), TimeSpan.FromMinutes(minutes))));

    private static PresencePair Pair(string pair) => Moment.Pair(pair);

    private void Apply(ReadOnlyMemory<byte> payload) =>
        state.Apply(new Entry(state.Position + 1, Moment.Minute(minute), Guid.NewGuid(), payload));

    private string Shows(Guid person)
    {
        Assert.True(state.Board.TryGetRecord(person, out var record));
        return state.Board.Rules.Merge(record, state.Board.Now).Pair.ToString();
    }

    private long SequenceOf(Guid person)
    {
        Assert.True(state.Board.Tenants.TryGet(Tenant, out var number));
        Assert.True(state.Board.TryRead(number, person, out var view));
        return view.Sequence;
    }
}
