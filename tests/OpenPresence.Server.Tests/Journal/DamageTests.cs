using System.Globalization;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>Bytes that were durable once and are not what they were.</summary>
public sealed class DamageTests
{
    private const int Entries = 30;
    private const int PayloadBytes = 1000;

    private static int FrameBytes => Frame.BytesOf(PayloadBytes);

    private static string FirstSegment => SegmentHeader.NameOf(1);

    [Fact]
    public async Task A_flipped_bit_anywhere_in_an_entry_stops_the_start_and_names_the_entry()
    {
        var disk = await WriteAsync();
        for (var offset = 0; offset < FrameBytes; offset += 5)
        {
            var damaged = disk.Copy();
            Flip(damaged, FirstSegment, 3, offset);
            var refused = Assert.Throws<JournalRefusedException>(() => JournalSteps.Open(damaged));
            Assert.Equal(JournalRefusal.Damaged, refused.Refusal);
            Assert.Equal(3, refused.Position);
            Assert.Contains("--journal-truncate-at 3", refused.Message, StringComparison.Ordinal);
            Assert.Contains(FirstSegment, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Entries_that_turned_to_zeros_are_damage_and_not_the_end()
    {
        var disk = await WriteAsync();
        disk[FirstSegment].AsSpan(SegmentHeader.Bytes + (2 * FrameBytes), 4 * FrameBytes).Clear();
        var refused = Assert.Throws<JournalRefusedException>(() => JournalSteps.Open(disk));
        Assert.Contains("Entries 3 to 6 are", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_to_the_last_entry_of_a_stopped_server_is_seen()
    {
        var disk = await WriteAsync();
        var last = disk.Names.Last(name => name.EndsWith(SegmentHeader.Extension, StringComparison.Ordinal));
        var first = SegmentHeader.FirstOf(last)!.Value;
        Flip(disk, last, Entries - first + 1, 60);
        var refused = Assert.Throws<JournalRefusedException>(() => JournalSteps.Open(disk));
        Assert.Equal(Entries, refused.Position);
    }

    [Fact]
    public async Task A_segment_that_was_cut_short_is_damage_unless_it_is_the_last()
    {
        var disk = await WriteAsync();
        disk.Put(FirstSegment, disk[FirstSegment][..(SegmentHeader.Bytes + FrameBytes)]);
        var refused = Assert.Throws<JournalRefusedException>(() => JournalSteps.Open(disk));
        Assert.Equal(2, refused.Position);
    }

    [Fact]
    public async Task A_damaged_segment_header_stops_the_start()
    {
        var disk = await WriteAsync();
        disk[FirstSegment][20] ^= 1;
        var refused = Assert.Throws<JournalRefusedException>(() => JournalSteps.Open(disk));
        Assert.Equal(JournalRefusal.Damaged, refused.Refusal);
        Assert.Equal(1, refused.Position);
    }

    [Fact]
    public async Task A_segment_that_is_missing_is_noticed_by_who_needs_it()
    {
        var disk = await WriteAsync();
        disk.Remove(FirstSegment);
        await using var journal = JournalSteps.Open(disk);
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => journal.ReadAllAsync());
        Assert.Equal(JournalRefusal.EntriesMissing, refused.Refusal);
        Assert.Equal(1, refused.Position);
    }

    [Fact]
    public async Task Damage_that_the_start_need_not_read_stops_the_reader()
    {
        var options = JournalSteps.Small with { CommandIdsKept = 1 };
        var disk = await WriteAsync();
        Flip(disk, FirstSegment, 3, 60);
        await using var journal = JournalSteps.Open(disk, options);
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => journal.ReadAllAsync());
        Assert.Equal(3, refused.Position);
    }

    [Fact]
    public async Task Damage_that_a_snapshot_covers_is_passed_over()
    {
        var disk = await WriteAsync(snapshotAt: 5);
        Flip(disk, FirstSegment, 3, 60);
        await using var journal = JournalSteps.Open(disk);
        Assert.Contains("Entries 3 to 3", Assert.Single(journal.Notices), StringComparison.Ordinal);
        Assert.Equal(Texts(6, Entries), await journal.ReadTextsAsync(5));
    }

    [Fact]
    public async Task Truncating_at_the_damage_keeps_what_is_before_and_sets_the_rest_aside()
    {
        var disk = await WriteAsync();
        Flip(disk, FirstSegment, 3, 60);
        var options = JournalSteps.Small with { TruncateAt = 3 };
        await using (var journal = JournalSteps.Open(disk, options))
        {
            Assert.Equal(Texts(1, 2), await journal.ReadTextsAsync());
            Assert.Equal(3, await journal.AppendAsync("new"));
        }

        Assert.Contains(FirstSegment + ".cut", disk.Names);
        await using var again = JournalSteps.Open(disk);
        Assert.Equal([.. Texts(1, 2), "new"], await again.ReadTextsAsync());
    }

    [Fact]
    public async Task Truncating_at_a_damaged_header_drops_that_segment_and_those_behind_it()
    {
        var disk = await WriteAsync();
        var second = disk.Names[1];
        var first = SegmentHeader.FirstOf(second)!.Value;
        disk[second][20] ^= 1;
        var options = JournalSteps.Small with { TruncateAt = first };
        await using var journal = JournalSteps.Open(disk, options);
        Assert.Equal(Texts(1, (int)first - 1), await journal.ReadTextsAsync());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task An_option_to_truncate_that_was_left_in_place_costs_nothing(int at)
    {
        var disk = await WriteAsync();
        await using var journal = JournalSteps.Open(disk, JournalSteps.Small with { TruncateAt = at });
        Assert.Equal(Entries, (await journal.ReadTextsAsync()).Count);
        Assert.Contains("did nothing", Assert.Single(journal.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncating_elsewhere_than_at_the_damage_is_refused()
    {
        var disk = await WriteAsync();
        Flip(disk, FirstSegment, 3, 60);
        var options = JournalSteps.Small with { TruncateAt = 2 };
        Assert.Throws<JournalRefusedException>(() => JournalSteps.Open(disk, options));
    }

    private static void Flip(MemoryDisk disk, string segment, long ordinal, int offset) =>
        disk[segment][SegmentHeader.Bytes + ((ordinal - 1) * FrameBytes) + offset] ^= 0x10;

    private static IEnumerable<string> Texts(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(TextOf);

    private static string TextOf(int position) =>
        position.ToString(CultureInfo.InvariantCulture).PadRight(PayloadBytes, '.');

    private static async Task<MemoryDisk> WriteAsync(long? snapshotAt = null)
    {
        var disk = new MemoryDisk();
        await using var journal = JournalSteps.Open(disk);
        for (var position = 1; position <= Entries; position++)
        {
            Assert.Equal(position, await journal.AppendAsync(TextOf(position)));
        }

        if (snapshotAt is { } at)
        {
            await journal.SnapshotAsync(at, "state");
        }

        return disk;
    }
}
