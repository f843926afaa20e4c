using System.Globalization;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Following;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>Readers of every speed see the same entries, and none of them costs memory without a limit.</summary>
public sealed class LiveTailTests
{
    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(1 << 20)]
    public async Task A_reader_sees_every_entry_once_whatever_the_tail_holds(long tailBytesMax)
    {
        await using var journal = Open(tailBytesMax);
        using var bound = new CancellationTokenSource(JournalSteps.WaitMax);
        var seen = new List<string>();
        await using var reader = journal.ReadAsync(0, bound.Token).GetAsyncEnumerator(bound.Token);
        var expected = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            expected.Add(i.ToString(CultureInfo.InvariantCulture));
            _ = await journal.AppendAsync(expected[^1]);
            if (i % 50 == 49)
            {
                while (seen.Count < expected.Count && await reader.MoveNextAsync())
                {
                    seen.AddRange(reader.Current.Select(e => e.Text()));
                }
            }
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void A_slow_reader_reads_storage_again_instead_of_making_others_wait()
    {
        var tail = new LiveTail<FileSpot>(bytesMax: 100, durable: 0);
        var slow = tail.Join(0);
        for (var position = 1; position <= 1000; position++)
        {
            tail.Publish(Batch(position));
        }

        Assert.False(tail.IsFull);
        var step = tail.Next(slow);
        Assert.Null(step.Batch);
        Assert.Equal(998, step.StorageThrough);
        slow.Position = 998;
        Assert.Equal(999, Assert.Single(tail.Next(slow).Batch!).Position);
    }

    [Fact]
    public async Task Companions_that_nobody_takes_refuse_more_of_them_and_are_never_lost()
    {
        await using var journal = Open(tailBytesMax: 1000);
        var companions = new List<object>();
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(async () =>
        {
            while (companions.Count < 1000)
            {
                var companion = new object();
                _ = await journal.AppendAsync("x", companion);
                companions.Add(companion);
            }
        });
        Assert.Contains("does not keep up", refused.Message, StringComparison.Ordinal);
        Assert.Null(journal.Fault);
        Assert.Equal(companions, (await journal.ReadAllAsync()).Select(e => e.Companion));
        _ = await journal.AppendAsync("room again", new object());
    }

    [Fact]
    public async Task A_reader_that_starts_far_behind_still_gets_the_companions_at_the_end()
    {
        await using var journal = Open(tailBytesMax: 1000);
        for (var i = 0; i < 100; i++)
        {
            _ = await journal.AppendAsync("alone");
        }

        var companion = new object();
        _ = await journal.AppendAsync("accompanied", companion);
        var entries = await journal.ReadAllAsync();
        Assert.Equal(101, entries.Count);
        Assert.Same(companion, entries[^1].Companion);
    }

    [Fact]
    public void More_readers_than_the_limit_are_refused()
    {
        var tail = new LiveTail<FileSpot>(bytesMax: 100, durable: 0);
        for (var i = 0; i < TailReader.CountMax; i++)
        {
            _ = tail.Join(0);
        }

        Assert.Throws<InvalidOperationException>(() => tail.Join(0));
    }

    [Fact]
    public async Task Appends_beyond_the_queues_limit_are_refused_and_the_others_are_written()
    {
        using var flushing = new ManualResetEventSlim();
        using var mayFlush = new ManualResetEventSlim();
        await using var journal = JournalSteps.Open(_disk, JournalSteps.Small with { AppendsWaitingMax = 3 });
        _disk.Fault = (operation, _) =>
        {
            if (operation == DiskOperation.Flush)
            {
                flushing.Set();
                mayFlush.Wait(JournalSteps.WaitMax);
            }
        };
        var held = journal.AppendAsync("held");
        await Eventually.IsSoAsync(() => flushing.IsSet);
        var waiting = Enumerable.Range(0, 3).Select(i => journal.AppendAsync($"{i}")).ToArray();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync("too many"));
        mayFlush.Set();
        Assert.Equal(1, await held);
        long[] next = [2, 3, 4];
        Assert.Equal(next, await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_payload_over_the_limit_is_refused_before_it_is_queued()
    {
        await using var journal = JournalSteps.Open(_disk);
        var payload = new byte[JournalSteps.Small.PayloadBytesMax + 1];
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            journal.AppendAsync(Guid.NewGuid(), payload).AsTask()
        );
    }

    private static TailBatch<FileSpot> Batch(long position) =>
        new(
            position - 1,
            [new Entry(position, default, default, default)],
            new FileSpot(new Segment(default), 0, position),
            bytes: 50,
            companions: false
        );

    private LocalJournal Open(long tailBytesMax) =>
        JournalSteps.Open(_disk, JournalSteps.Small with { TailBytesMax = tailBytesMax });
}
