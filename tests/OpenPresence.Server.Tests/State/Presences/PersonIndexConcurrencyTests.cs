using OpenPresence.Server.State;
using OpenPresence.Server.State.Presences;
using static OpenPresence.Server.Tests.State.Presences.PersonIndexTests;

namespace OpenPresence.Server.Tests.State.Presences;

/// <summary>
/// A writer adds, changes, moves and removes while readers look. Readers check what must hold at every
/// instant: an entry is never half of one and half of another, somebody who is never removed is always
/// found, and looked up one by one, a sequence never goes back. All ids share one partition, so that everybody is in
/// everybody's way.
/// </summary>
public sealed class PersonIndexConcurrencyTests
{
    private const int StayingCount = 16;
    private const int StepsMin = 200_000;
    private const int RoundsMin = 3_000;

    private static readonly PersonHash Hash = new(11, 12, 13);

    private readonly PersonIndex index = new(Hash);
    private readonly Guid[] staying = IdsOfOnePartition(new Random(1), StayingCount);
    private Guid[] coming = [];
    private int readersBusy = 2;
    private volatile bool done;

    [Theory]
    [InlineData(false, 4_000)] // the partition grows again and again
    [InlineData(true, 4_000)]
    [InlineData(false, 79)] // the partition is one page, nearly as full as it may be: entries move most
    [InlineData(true, 79)]
    public async Task Readers_see_whole_entries_while_the_writer_adds_moves_and_removes(bool many, int comingCount)
    {
        coming = IdsOfOnePartition(new Random(2), comingCount);
        foreach (Guid id in staying)
        {
            index.TryAdd(Entry(id, 1));
        }

        Func<Guid[], PersonEntry[]> look = many ? LookAtMany : LookAtEach;
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Task[] readers = [Task.Run(() => Read(look, many), cancel), Task.Run(() => Read(look, many), cancel)];
        Write(readers);
        done = true;
        await Task.WhenAll(readers);
    }

    private void Write(Task[] readers)
    {
        var random = new Random(3);
        bool Busy(int step) =>
            step < StepsMin || (Volatile.Read(ref readersBusy) > 0 && !readers.Any(r => r.IsFaulted));
        for (int step = 2; Busy(step); step++)
        {
            // Most of the coming and going first fills the index, so that it grows under the readers.
            Guid id = coming[random.Next(Math.Min(coming.Length, step / 8 + 1))];
            if (!index.TryAdd(Entry(id, step)) && random.Next(2) == 0)
            {
                index.Remove(id);
            }

            index.TryUpdate(Entry(staying[step % StayingCount], step));
        }
    }

    private void Read(Func<Guid[], PersonEntry[]> look, bool many)
    {
        var random = new Random(4);
        var last = new long[StayingCount];
        for (int round = 0; !done; round++)
        {
            if (round == RoundsMin)
            {
                Interlocked.Decrement(ref readersBusy);
            }

            // Eight times each: a batch that takes long is the more likely to be disturbed.
            PersonEntry[] found = look([.. Enumerable.Repeat(staying, 8).SelectMany(ids => ids)]);
            for (int i = 0; i < found.Length; i++)
            {
                int person = i % StayingCount;
                Assert.Equal(Entry(staying[person], (int)found[i].Sequence), found[i]);
                Assert.True(many || found[i].Sequence >= last[person]);
                last[person] = found[i].Sequence;
            }

            Guid[] some = [.. coming.Skip(random.Next(coming.Length - 70)).Take(70)];
            foreach ((Guid id, PersonEntry entry) in some.Zip(look(some)))
            {
                Assert.Equal(entry == default ? default : Entry(id, (int)entry.Sequence), entry);
            }
        }
    }

    private static Guid[] IdsOfOnePartition(Random random, int count)
    {
        var ids = new List<Guid>(count);
        while (ids.Count < count)
        {
            ids.AddRange(Ids(random, 4096).Where(id => (byte)Hash.Of(id) == 0));
        }

        return [.. ids.Take(count)];
    }

    private PersonEntry[] LookAtMany(Guid[] ids)
    {
        var found = new PersonEntry[ids.Length];
        index.FindMany(ids, found);
        return found;
    }

    private PersonEntry[] LookAtEach(Guid[] ids) =>
        Array.ConvertAll(
            ids,
            id =>
            {
                index.TryFind(id, out PersonEntry entry);
                return entry;
            }
        );
}
