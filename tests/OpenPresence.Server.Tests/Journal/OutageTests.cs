using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>The disk refuses for a while: nothing is half done, reads go on, and it passes by itself.</summary>
public sealed class OutageTests
{
    private readonly ManualClock _clock = new();
    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData((int)DiskOperation.Flush)]
    [InlineData((int)DiskOperation.Write)]
    public async Task A_failed_append_is_not_in_the_log_and_the_next_one_is(int operation)
    {
        await using (var journal = Open())
        {
            _ = await journal.AppendAsync("before");
            _disk.Fault = Failing((DiskOperation)operation);
            await AssertFailsAsync(journal, "lost");
            await RecoverAsync(journal);
            Assert.Equal(2, await journal.AppendAsync("after"));
            Assert.Equal(["before", "after"], await journal.ReadTextsAsync());
        }

        await using var again = Open();
        Assert.Equal(["before", "after"], await again.ReadTextsAsync());
    }

    [Fact]
    public async Task A_flush_that_failed_is_never_asked_for_again()
    {
        await using var journal = Open();
        _ = await journal.AppendAsync("before");
        var flushes = new List<string>();
        _disk.Fault = (operation, name) =>
        {
            if (operation == DiskOperation.Flush)
            {
                flushes.Add(name);
                if (flushes.Count == 1)
                {
                    throw new IOException("I/O error");
                }
            }
        };
        await AssertFailsAsync(journal, "lost");
        await Eventually.IsSoAsync(() => _clock.ArmedTimers == 1);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.IsSoAsync(() => journal.Fault is null);
        _ = await journal.AppendAsync("after");
        Assert.Single(flushes, name => name == SegmentHeader.NameOf(1));
        Assert.True(flushes.Count > 1);
    }

    [Fact]
    public async Task What_a_failed_flush_left_in_the_old_segment_is_void()
    {
        await using (var journal = Open())
        {
            _ = await journal.AppendAsync("before");
            _disk.Fault = Failing(DiskOperation.Flush);
            await AssertFailsAsync(journal, "the device has it after all");
            await RecoverAsync(journal);
            _ = await journal.AppendAsync("after");
        }

        var after = _disk.AfterPowerCut(Leftovers.Everything, new Random(1));
        await using var again = JournalSteps.Open(after);
        Assert.Equal(["before", "after"], await again.ReadTextsAsync());
    }

    [Fact]
    public async Task A_short_write_is_void_as_well()
    {
        await using (var journal = Open())
        {
            _ = await journal.AppendAsync("before");
            _disk.Fault = (operation, name) =>
            {
                if (operation == DiskOperation.Write)
                {
                    // Half of a frame's header arrives.
                    _disk[name].AsSpan(SegmentHeader.Bytes + Frame.BytesOf(6), 20).Fill(1);
                    throw new IOException("interrupted");
                }
            };
            await AssertFailsAsync(journal, "half");
            await RecoverAsync(journal);
            _ = await journal.AppendAsync("after");
        }

        await using var again = Open();
        Assert.Equal(["before", "after"], await again.ReadTextsAsync());
    }

    [Fact]
    public async Task A_full_disk_refuses_appends_until_there_is_space_while_reads_go_on()
    {
        await using var journal = Open();
        _disk.Fault = Failing(DiskOperation.Create);
        var written = new List<string>();
        var text = new string('x', 3000);
        while (journal.Fault is null && written.Count < 100)
        {
            try
            {
                _ = await journal.AppendAsync(text);
                written.Add(text);
            }
            catch (JournalUnavailableException)
            {
                break;
            }
        }

        Assert.Contains("No space left", journal.Fault, StringComparison.Ordinal);
        Assert.InRange(written.Count, 2, 50);
        Assert.Equal(written, await journal.ReadTextsAsync());
        await RecoverAsync(journal);
        Assert.Equal(written.Count + 1, await journal.AppendAsync("there is space again"));
    }

    [Fact]
    public async Task Everybody_who_waits_is_refused_at_once_in_an_outage()
    {
        await using var journal = Open();
        _disk.Fault = Failing(DiskOperation.Flush);
        var appends = Enumerable.Range(0, 100).Select(i => journal.AppendAsync($"{i}")).ToArray();
        foreach (var append in appends)
        {
            await Assert.ThrowsAsync<JournalUnavailableException>(() => append);
        }

        Assert.Equal(0, journal.LastPosition);
    }

    [Fact]
    public async Task Tries_to_go_on_double_from_the_first_delay_to_the_longest()
    {
        await using var journal = Open();
        var tries = 0;
        _disk.Fault = (operation, name) =>
        {
            if (operation == DiskOperation.Create)
            {
                _ = Interlocked.Increment(ref tries);
            }

            Failing(DiskOperation.Flush, DiskOperation.Create)(operation, name);
        };
        await AssertFailsAsync(journal, "lost");
        foreach (var delay in new[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 })
        {
            await Eventually.IsSoAsync(() => _clock.ArmedTimers == 1);
            var before = Volatile.Read(ref tries);
            _clock.Advance(TimeSpan.FromMilliseconds(delay - 1));
            Assert.Equal(before, Volatile.Read(ref tries));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.IsSoAsync(() => Volatile.Read(ref tries) > before);
        }
    }

    [Fact]
    public async Task A_repeated_append_after_the_outage_is_new_when_the_first_one_failed()
    {
        await using var journal = Open();
        var id = Guid.NewGuid();
        _disk.Fault = Failing(DiskOperation.Flush);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync(id, "x"u8.ToArray()).AsTask());
        await RecoverAsync(journal);
        Assert.Equal(new Appended(1, Repeated: false), await journal.AppendAsync(id, "x"u8.ToArray()));
    }

    [Fact]
    public async Task A_device_that_lost_what_it_had_confirmed_stays_an_outage()
    {
        await using var journal = Open();
        _ = await journal.AppendAsync("before");
        _disk.Fault = Failing(DiskOperation.Flush);
        await AssertFailsAsync(journal, "lost");
        _disk[SegmentHeader.NameOf(1)].AsSpan(SegmentHeader.Bytes, 8).Clear();
        _disk.Fault = null;
        await Eventually.IsSoAsync(() => _clock.ArmedTimers == 1);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.IsSoAsync(() => journal.Fault!.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_written_leaves_appends_and_the_older_one_alone()
    {
        await using var journal = Open();
        var position = await journal.AppendAsync("a");
        await journal.SnapshotAsync(position, "good");
        _disk.Fault = (operation, name) =>
        {
            if (operation == DiskOperation.Write && name.StartsWith("snapshot", StringComparison.Ordinal))
            {
                throw new IOException("No space left on device");
            }
        };
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.SnapshotAsync(position, "bad").AsTask());
        _ = await journal.AppendAsync("b");
        Assert.Null(journal.Fault);
        Assert.Equal((position, "good"), await journal.ReadSnapshotAsync());
    }

    private LocalJournal Open() => JournalSteps.Open(_disk, clock: _clock);

    private static Action<DiskOperation, string> Failing(params DiskOperation[] failing) =>
        (operation, _) =>
        {
            if (failing.Contains(operation))
            {
                throw new IOException("No space left on device");
            }
        };

    private static async Task AssertFailsAsync(LocalJournal journal, string text)
    {
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync(text));
        Assert.NotNull(journal.Fault);
    }

    private async Task RecoverAsync(LocalJournal journal)
    {
        _disk.Fault = null;
        await Eventually.IsSoAsync(() => _clock.ArmedTimers == 1);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.IsSoAsync(() => journal.Fault is null);
    }
}
