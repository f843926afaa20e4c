using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Tests.State.Machine;
using static OpenPresence.Server.Tests.State.Machine.RandomEntries;

namespace OpenPresence.Server.Tests.State.Presences;

/// <summary>
/// Readers on several threads, doing all that readers may do while entries are applied. What they see is
/// whole and never goes back, and the node ends as one that nobody read.
/// </summary>
public sealed class ConcurrentReadsTests
{
    private const int Readers = 3;

    /// <summary>Reads of everybody by each reader while one seed's entries are applied: enough to meet the writer.</summary>
    private const int RoundsMin = 200;

    /// <summary>A seed is applied again with others after it until the readers came round so often.</summary>
    private const int SeedsMax = 2_000;

    private volatile bool done;

    [Fact]
    public async Task Reads_on_many_threads_see_whole_states_and_change_nothing()
    {
        var rounds = new int[Readers];
        var read = new NodeState(new NodeClock(new ManualClock()));
        var quiet = new NodeState(new NodeClock(new ManualClock()));
        read.Apply(Of(0)[0]); // the tenant, so that readers know its number
        quiet.Apply(Of(0)[0]);
        read.Board.AddPerson(Person(0), TenantId, Start, 1);
        quiet.Board.AddPerson(Person(0), TenantId, Start, 1);
        Task[] readers = [.. Enumerable.Range(0, Readers).Select(reader => Task.Run(() => Read(read, reader, rounds)))];
        var position = 1L;
        var started = Start;
        for (
            var seed = 0;
            seed < SeedsMax
                && rounds.Any(count => Volatile.Read(ref count) < RoundsMin)
                && !readers.Any(reader => reader.IsFaulted);
            seed++
        )
        {
            var entries = Of(seed);
            foreach (var entry in entries)
            {
                // One history after the other, on the same node.
                var at = started + (entry.At - Start);
                var later = entry with { Position = ++position, At = at };
                read.Apply(later);
                quiet.Apply(later);
            }
            started = read.Board.Now;
        }
        done = true;
        await Task.WhenAll(readers);
        Assert.All(rounds, count => Assert.True(count >= RoundsMin, $"{count} rounds"));
        Assert.Equal(StateBytes.Of(quiet), StateBytes.Of(read));
    }

    private void Read(NodeState state, int reader, int[] rounds)
    {
        var board = state.Board;
        var last = new long[People];
        var ids = Enumerable.Range(0, People).Select(Person).ToArray();
        var found = new PersonEntry[People];
        Assert.True(board.Tenants.TryGet(TenantId, out var tenant));
        while (!done)
        {
            for (var person = 0; person < People; person++)
            {
                if (board.TryRead(tenant, ids[person], out var view))
                {
                    Assert.Equal(ids[person], view.Entry.Id);
                    Assert.True(view.Entry.Sequence >= last[person], "a sequence went back");
                    last[person] = view.Entry.Sequence;
                    Assert.True(!view.Entry.HasSideData || view.Side is not null);
                    Assert.True(view.Side is null || view.Side.Sequence >= view.Entry.Sequence);
                }
                if (board.TryReadTimes(tenant, ids[person], out var times))
                {
                    Assert.True(times.SinceAt >= Start, $"since {times.SinceAt}");
                }
            }
            board.FindMany(ids, found);
            for (var person = 0; person < People; person++)
            {
                Assert.True(found[person] == default || found[person].Id == ids[person]);
            }
            Volatile.Write(ref rounds[reader], rounds[reader] + 1);
        }
    }
}
