using OpenPresence.Server.State;

namespace OpenPresence.Server.Tests.State;

public sealed class CowTableTests
{
    private const int Seeds = 20;
    private const int StepsPerSeed = 3_000;

    [Fact]
    public void A_cut_keeps_what_was_there_whatever_is_written_afterwards()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var (table, model) = (new CowTable<long>(), new List<long>());
            (CowTable<long>.Cut Cut, long[] Expected)? cut = null;
            for (var step = 0; step < StepsPerSeed; step++)
            {
                switch (random.Next(200))
                {
                    case 0 when cut is null:
                        cut = (table.TakeCut(), [.. model]);
                        break;
                    case 1 when cut is { } taken:
                        AssertSame(taken.Expected, taken.Cut, seed);
                        taken.Cut.Dispose();
                        cut = null;
                        break;
                    case < 80:
                        // Many at a time, so that chunks and the list of chunks fill.
                        for (var more = random.Next(2_000); more > 0; more--)
                        {
                            Assert.Equal(model.Count, table.Add(step));
                            model.Add(step);
                        }
                        break;
                    default:
                        var index = random.Next(model.Count + 1);
                        if (index < model.Count)
                        {
                            table.Writable(index) = model[index] = step;
                        }
                        break;
                }
                if (model.Count > 200_000)
                {
                    break;
                }
            }
            Assert.Equal(model.Count, table.Count);
            Assert.All(model, (value, index) => Assert.Equal(value, table[index]));
        }
    }

    [Fact]
    public void A_chunk_is_copied_once_for_a_cut_and_not_at_all_without_one()
    {
        var table = Filled(3 * CowTable<int>.ChunkEntries);
        table.Writable(0) = 1;
        Assert.Equal(0, table.ChunksCopied);
        using (table.TakeCut())
        {
            table.Writable(0) = 2;
            table.Writable(1) = 2;
            Assert.Equal(1, table.ChunksCopied);
            table.Writable(CowTable<int>.ChunkEntries) = 2;
            Assert.Equal(2, table.ChunksCopied);
        }
        table.Writable(2 * CowTable<int>.ChunkEntries) = 3;
        Assert.Equal(2, table.ChunksCopied);
    }

    [Fact]
    public void Entries_that_are_added_while_a_cut_lives_are_not_in_it()
    {
        var table = Filled(10);
        using var cut = table.TakeCut();
        table.Add(77);
        Assert.Equal(10, cut.Count);
        Assert.Equal(77, table[10]);
    }

    [Fact]
    public void A_second_cut_is_refused_while_one_lives()
    {
        var table = Filled(1);
        using var cut = table.TakeCut();
        Assert.Throws<InvalidOperationException>(table.TakeCut);
    }

    [Fact]
    public void Disposing_of_a_cut_twice_does_not_open_the_next_one_to_the_writer()
    {
        var table = Filled(1);
        var first = table.TakeCut();
        first.Dispose();
        using var second = table.TakeCut();
        first.Dispose();
        table.Writable(0) = 99;
        Assert.Equal(0, second[0]);
    }

    private static CowTable<int> Filled(int count)
    {
        var table = new CowTable<int>();
        for (var i = 0; i < count; i++)
        {
            table.Add(i);
        }
        return table;
    }

    private static void AssertSame(long[] expected, CowTable<long>.Cut cut, int seed)
    {
        Assert.Equal(expected.Length, cut.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i] == cut[i], $"seed {seed}: entry {i} changed under the cut");
        }
    }
}
