using System.Globalization;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>Which snapshots and segments are kept, and what happens when one of them is damaged.</summary>
public sealed class SnapshotTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task Two_snapshots_are_kept_and_no_segment_that_the_older_one_needs_is_deleted()
    {
        await LiveAsync(snapshotsAt: [10, 20, 30, 40], appends: 45);
        Assert.Equal(
            [new SnapshotId(30, default).Name, new SnapshotId(40, default).Name],
            _disk.Names.Where(IsSnapshot)
        );
        Assert.Single(_disk.Names.Where(IsSegment), name => SegmentHeader.FirstOf(name) <= 31);
    }

    [Fact]
    public async Task Segments_that_the_remembered_command_ids_need_are_kept()
    {
        await LiveAsync(snapshotsAt: [10, 20, 30, 40], appends: 45, idsKept: 40);
        Assert.Equal(SegmentHeader.NameOf(1), _disk.Names.First(IsSegment));
    }

    [Fact]
    public async Task A_damaged_newest_snapshot_gives_way_to_the_one_before()
    {
        await LiveAsync(snapshotsAt: [10, 20], appends: 25);
        var newest = new SnapshotId(20, default).Name;
        foreach (var offset in new[] { 0, 9, 13, 17, 25, 33, 37, 41, _disk[newest].Length - 1 })
        {
            var disk = _disk.Copy();
            disk[newest][offset] ^= 4;
            if (offset == 9)
            {
                Assert.Throws<JournalRefusedException>(() => JournalSteps.Open(disk, Options()));
                continue;
            }

            await using var journal = JournalSteps.Open(disk, Options());
            Assert.Equal((10, "state at 10"), await journal.ReadSnapshotAsync());
            Assert.Equal(15, (await journal.ReadTextsAsync(10)).Count);
            Assert.Contains(newest, Assert.Single(journal.Notices), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_snapshot_that_was_cut_short_anywhere_is_damaged()
    {
        await LiveAsync(snapshotsAt: [10, 20], appends: 25);
        var newest = new SnapshotId(20, default).Name;
        for (var bytes = 0; bytes < _disk[newest].Length; bytes++)
        {
            var disk = _disk.Copy();
            disk.Put(newest, disk[newest][..bytes]);
            await using var journal = JournalSteps.Open(disk, Options());
            Assert.Equal(10, (await journal.ReadSnapshotAsync())?.Position);
        }
    }

    [Fact]
    public async Task Without_an_intact_snapshot_and_the_first_entries_the_reader_is_told()
    {
        await LiveAsync(snapshotsAt: [10, 20, 30], appends: 35);
        foreach (var snapshot in _disk.Names.Where(IsSnapshot))
        {
            _disk[snapshot][40] ^= 1;
        }

        await using var journal = JournalSteps.Open(_disk, Options());
        Assert.Null(await journal.ReadSnapshotAsync());
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => journal.ReadAllAsync());
        Assert.Equal(JournalRefusal.EntriesMissing, refused.Refusal);
        Assert.Contains("backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_alone_is_enough_to_begin_with()
    {
        await LiveAsync(snapshotsAt: [10, 20], appends: 25);
        var name = new SnapshotId(20, default).Name;
        var disk = new MemoryDisk();
        disk.Put(name, _disk[name]);
        await using (var journal = JournalSteps.Open(disk, Options()))
        {
            Assert.Equal(20, journal.LastPosition);
            Assert.Equal(21, await journal.AppendAsync("next"));
        }

        await using var again = JournalSteps.Open(disk, Options());
        Assert.Equal((20, "state at 20"), await again.ReadSnapshotAsync());
        Assert.Equal(["next"], await again.ReadTextsAsync(20));
    }

    [Fact]
    public async Task A_snapshot_from_elsewhere_that_is_ahead_of_the_log_is_where_it_goes_on()
    {
        await LiveAsync(snapshotsAt: [], appends: 5);
        var elsewhere = new SnapshotTests();
        await elsewhere.LiveAsync(snapshotsAt: [20], appends: 25);
        var name = new SnapshotId(20, default).Name;
        _disk.Put(name, elsewhere._disk[name]);
        await using var journal = JournalSteps.Open(_disk, Options());
        Assert.Equal(21, await journal.AppendAsync("next"));
        Assert.Equal(["next"], await journal.ReadTextsAsync(20));
        await Assert.ThrowsAsync<JournalRefusedException>(() => journal.ReadAllAsync(5));
    }

    [Fact]
    public async Task A_snapshot_of_what_is_not_durable_yet_is_a_bug()
    {
        await using var journal = JournalSteps.Open(_disk);
        var position = await journal.AppendAsync("a");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            journal.SnapshotAsync(position + 1, "early").AsTask()
        );
    }

    [Fact]
    public async Task A_cancelled_snapshot_leaves_nothing_behind()
    {
        await using var journal = JournalSteps.Open(_disk);
        var position = await journal.AppendAsync("a");
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            journal
                .WriteSnapshotAsync(position, new Instant(1), async (_, _) => await cancel.CancelAsync(), cancel.Token)
                .AsTask()
        );
        Assert.Null(await journal.ReadSnapshotAsync());
        Assert.DoesNotContain("snapshot.tmp", _disk.Names);
    }

    private static bool IsSnapshot(string name) => name.EndsWith(SnapshotId.Extension, StringComparison.Ordinal);

    private static bool IsSegment(string name) => name.EndsWith(SegmentHeader.Extension, StringComparison.Ordinal);

    private static LocalJournalOptions Options(int idsKept = 1) => JournalSteps.Small with { CommandIdsKept = idsKept };

    private async Task LiveAsync(int[] snapshotsAt, int appends, int idsKept = 1)
    {
        await using var journal = JournalSteps.Open(_disk, Options(idsKept));
        for (var i = 1; i <= appends; i++)
        {
            var text = i.ToString(CultureInfo.InvariantCulture).PadRight(1500, '.');
            Assert.Equal(i, await journal.AppendAsync(text));
            if (snapshotsAt.Contains(i))
            {
                await journal.SnapshotAsync(i, $"state at {i}");
            }
        }
    }
}
