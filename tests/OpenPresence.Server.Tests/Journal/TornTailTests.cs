using System.Text;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>
/// A power cut while a batch of several entries was being written: whatever part of it is there, the
/// acknowledged entries are, and no half of one.
/// </summary>
public sealed class TornTailTests
{
    private static readonly string[] s_batch = ["first of the batch", "second", "third, and last."];

    [Fact]
    public async Task A_batch_that_ends_at_any_byte_is_cut_behind_its_last_whole_entry()
    {
        var (disk, start, end) = await WriteBatchAsync();
        for (var cut = start; cut < end; cut++)
        {
            var torn = disk.Copy();
            torn[FirstSegment].AsSpan(cut, end - cut).Clear();
            await AssertCutAsync(torn, cut);
        }
    }

    [Fact]
    public async Task A_batch_whose_beginning_is_lost_is_cut_before_its_end()
    {
        var (disk, start, end) = await WriteBatchAsync();
        for (var from = start + 1; from < end; from++)
        {
            var torn = disk.Copy();
            torn[FirstSegment].AsSpan(start, from - start).Clear();
            await using var journal = JournalSteps.Open(torn);
            Assert.Equal(["acknowledged"], await journal.ReadTextsAsync());
        }
    }

    [Fact]
    public async Task A_torn_batch_is_reported_with_its_size_and_position()
    {
        var (disk, start, end) = await WriteBatchAsync();
        disk[FirstSegment].AsSpan(start, 1).Clear();
        await using var journal = JournalSteps.Open(disk);
        var notice = Assert.Single(journal.Notices);
        Assert.Contains("after position 1", notice, StringComparison.Ordinal);
        Assert.Contains(FirstSegment, notice, StringComparison.Ordinal);
        Assert.True(end > start);
    }

    [Fact]
    public async Task The_zeros_ahead_in_a_segment_are_not_a_torn_batch()
    {
        var (disk, _, _) = await WriteBatchAsync();
        await using var journal = JournalSteps.Open(disk);
        Assert.Empty(journal.Notices);
        Assert.Equal(["acknowledged", .. s_batch], await journal.ReadTextsAsync());
    }

    [Fact]
    public async Task Nothing_of_a_torn_batch_comes_back_under_later_entries()
    {
        var (disk, start, _) = await WriteBatchAsync();
        disk[FirstSegment].AsSpan(start, 8).Clear();
        await using var journal = JournalSteps.Open(disk);

        // Of the same size as the first entry of the batch, so that the others would fit behind it.
        _ = await journal.AppendAsync(new string('x', s_batch[0].Length));

        await using var again = JournalSteps.Open(disk.Copy());
        Assert.Equal(["acknowledged", new string('x', s_batch[0].Length)], await again.ReadTextsAsync());
    }

    private static string FirstSegment => SegmentHeader.NameOf(1);

    private static async Task AssertCutAsync(MemoryDisk torn, int cut)
    {
        await using (var journal = JournalSteps.Open(torn))
        {
            var texts = await journal.ReadTextsAsync();
            string[] all = ["acknowledged", .. s_batch];
            Assert.InRange(texts.Count, 1, all.Length - 1);
            Assert.Equal(all[..texts.Count], texts);
            _ = await journal.AppendAsync($"after {cut}");
        }

        await using var again = JournalSteps.Open(torn);
        Assert.Equal($"after {cut}", (await again.ReadTextsAsync())[^1]);
    }

    /// <summary>One entry that was acknowledged, then three in one flush, and no clean stop.</summary>
    private static async Task<(MemoryDisk Disk, int Start, int End)> WriteBatchAsync()
    {
        var disk = new MemoryDisk();
        await using var journal = JournalSteps.Open(disk);
        _ = await journal.AppendAsync("acknowledged");
        var image = disk.Copy();
        var start = SegmentHeader.Bytes + Frame.BytesOf("acknowledged".Length);
        var (end, position) = (start, 2L);
        foreach (var text in s_batch)
        {
            var payload = Encoding.UTF8.GetBytes(text);
            var header = new FrameHeader(
                FrameKind.Entry,
                payload.Length,
                position++,
                default,
                Guid.NewGuid(),
                FlushedPosition: 1
            );
            end += Frame.Write(image[FirstSegment].AsSpan(end), header, payload);
        }

        return (image, start, end);
    }
}
