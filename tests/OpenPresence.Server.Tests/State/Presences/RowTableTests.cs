using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.State.Presences;

public sealed class RowTableTests
{
    private const int Seeds = 20;
    private const int StepsPerSeed = 3_000;

    [Fact]
    public void A_cut_keeps_what_was_there_whatever_is_written_before_and_while_it_is_read()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var (table, model) = (new RowTable(), new List<long>());
            (RowTable.Cut Cut, long[] Expected, int Read)? cut = null;
            for (var step = 1; step < StepsPerSeed; step++)
            {
                switch (random.Next(100))
                {
                    case 0 when cut is null:
                        cut = (table.TakeCut(), [.. model], 0);
                        break;
                    case < 20 when cut is { } taken:
                        var to = Math.Min(taken.Read + random.Next(5_000), taken.Expected.Length);
                        AssertSame(taken.Expected, taken.Cut, taken.Read, to, seed);
                        cut = taken with { Read = to };
                        if (to == taken.Expected.Length)
                        {
                            taken.Cut.Dispose();
                            cut = null;
                        }
                        break;
                    case < 40:
                        for (var more = random.Next(200); more > 0; more--)
                        {
                            Assert.Equal(model.Count, table.Add(Row(step)));
                            model.Add(step);
                        }
                        break;
                    default:
                        for (var more = random.Next(50); more > 0 && model.Count > 0; more--)
                        {
                            var row = random.Next(model.Count);
                            table.Writable(row).Sequence = model[row] = step;
                        }
                        break;
                }
            }
            cut?.Cut.Dispose();
            Assert.Equal(model.Count, table.Count);
            Assert.All(model, (value, row) => Assert.Equal(value, table[row].Sequence));
        }
    }

    [Fact]
    public async Task A_cut_that_is_read_while_another_thread_writes_is_of_one_moment()
    {
        const int rows = 50_000;
        const int cuts = 20;
        var table = Filled(rows);
        var random = new Random(1);
        for (var round = 1; round <= cuts; round++)
        {
            var cut = table.TakeCut();
            var expected = Enumerable.Range(0, rows).Select(row => table[row].Sequence).ToArray();
            var reading = Task.Run(
                () =>
                {
                    using (cut)
                    {
                        for (var row = 0; row < rows; row++)
                        {
                            Assert.Equal(expected[row], cut[row].Sequence);
                            Assert.Equal(expected[row], cut[row].SinceTicks);
                        }
                    }
                },
                TestContext.Current.CancellationToken
            );
            while (!reading.IsCompleted)
            {
                Change(table, random.Next(rows), random.NextInt64());
            }
            await reading;
        }
    }

    [Fact]
    public void A_row_is_put_aside_once_for_a_cut_and_not_at_all_without_one_or_once_it_was_read()
    {
        var table = Filled(3 * RowsAside.GroupRows);
        table.Writable(0).Sequence = 1;
        Assert.Equal(0, table.RowsKept);
        using (var cut = table.TakeCut())
        {
            table.Writable(0).Sequence = 2;
            table.Writable(0).Sequence = 3;
            Assert.Equal(1, table.RowsKept);
            Assert.Equal(1, cut[0].Sequence);
            table.Writable(1).Sequence = 2;
            Assert.Equal(1, table.RowsKept);
            table.Writable(RowsAside.GroupRows).Sequence = 2;
            Assert.Equal(2, table.RowsKept);
            Assert.Equal(0, cut[RowsAside.GroupRows].Sequence);
        }
        table.Writable(2).Sequence = 3;
        Assert.Equal(2, table.RowsKept);
    }

    [Fact]
    public void Rows_that_are_added_while_a_cut_lives_are_not_in_it_and_may_be_changed()
    {
        var table = Filled(10);
        using var cut = table.TakeCut();
        for (var more = 0; more < 10_000; more++)
        {
            table.Writable(table.Add(Row(77))).Sequence = 78;
        }
        Assert.Equal(10, cut.Count);
        Assert.Equal(0, table.RowsKept);
        Assert.Equal(78, table[10].Sequence);
        Assert.Throws<ArgumentOutOfRangeException>(() => cut[RowsAside.GroupRows].Sequence);
    }

    [Fact]
    public void A_cut_is_read_forward_only()
    {
        var table = Filled(2 * RowsAside.GroupRows);
        using var cut = table.TakeCut();
        Assert.Equal(0, cut[RowsAside.GroupRows].Sequence);
        Assert.Throws<InvalidOperationException>(() => cut[0].Sequence);
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
        table.Writable(0).Sequence = 99;
        Assert.Equal(0, second[0].Sequence);
    }

    /// <summary>Two fields, so that a row that was copied half-way is known.</summary>
    private static void Change(RowTable table, int number, long value)
    {
        ref var row = ref table.Writable(number);
        row.Sequence = value;
        row.SinceTicks = value;
    }

    private static RowTable Filled(int count)
    {
        var table = new RowTable();
        for (var i = 0; i < count; i++)
        {
            table.Add(Row(0));
        }
        return table;
    }

    private static PersonRow Row(long value) => new() { Sequence = value, SinceTicks = value };

    private static void AssertSame(long[] expected, RowTable.Cut cut, int from, int to, int seed)
    {
        Assert.Equal(expected.Length, cut.Count);
        for (var row = from; row < to; row++)
        {
            Assert.True(expected[row] == cut[row].Sequence, $"seed {seed}: row {row} changed under the cut");
        }
    }
}
