using OpenPresence.Engine;
using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Local;

/// <summary>Where the log ends, as found at start.</summary>
/// <param name="Position">The last position, of an entry or of a snapshot beyond all entries.</param>
/// <param name="At">The instant of it.</param>
/// <param name="Spot">Where to go on; null: a new segment has to begin.</param>
/// <param name="LogPosition">The last position that the segments hold.</param>
/// <param name="Ids">The latest command ids.</param>
internal sealed record LogEnd(long Position, Instant At, FileSpot? Spot, long LogPosition, CommandIdWindow Ids);

/// <summary>
/// Finds the end of the log: reads the segments that hold the latest command ids, at least the last one, cuts
/// a torn tail, and refuses damage. What lies before is verified when it is read.
/// </summary>
internal sealed class LogStart(
    IJournalFiles files,
    LocalJournalOptions options,
    SnapshotId? snapshot,
    List<string> notices
)
{
    public (SegmentList Segments, LogEnd End) Find()
    {
        var segments = ReadHeaders();
        try
        {
            return (new SegmentList(segments), Scan(segments, verifyAll: options.TruncateAt is not null));
        }
        catch (LogCutException cut)
        {
            notices.Add(Truncation.Cut(files, segments, cut.Segment, cut.Offset, options));
            segments = ReadHeaders();
            return (new SegmentList(segments), Scan(segments, verifyAll: false));
        }
    }

    private List<Segment> ReadHeaders()
    {
        var segments = new List<Segment>();
        var block = new byte[SegmentHeader.Bytes];
        foreach (var name in Truncation.SegmentNames(files))
        {
            using var file = files.Open(name, FileUse.Read);
            try
            {
                var read = file.Read(block, 0);
                segments.Add(new Segment(SegmentHeader.Read(name, block.AsSpan(0, read))));
            }
            catch (JournalRefusedException e) when (IsToBeCut(e))
            {
                notices.Add(Truncation.SetAside(files, name));
                return segments;
            }
        }

        return segments;
    }

    private LogEnd Scan(List<Segment> segments, bool verifyAll)
    {
        var ids = new CommandIdWindow(options.CommandIdsKept);
        var covered = snapshot?.Position ?? 0;
        var (position, at) = (0L, default(Instant));
        FileSpot? spot = null;
        for (var i = verifyAll ? 0 : FirstToScan(segments); i < segments.Count; i++)
        {
            var segment = segments[i];
            var next = i + 1 < segments.Count ? segments[i + 1] : null;
            using var reader = new SegmentReader(
                files.Open(segment.Name, FileUse.Read),
                segment,
                SegmentHeader.Bytes,
                segment.First,
                next?.Header.Previous,
                covered,
                keepsPayloads: false
            );
            at = Read(reader, segment, ids);
            position = reader.Next - 1;
            if (next is null)
            {
                spot = new FileSpot(segment, reader.Offset, position);
                CutTornTail(reader, segment);
            }
        }

        ids.EndRecall();
        if (verifyAll && options.TruncateAt is { } asked)
        {
            notices.Add($"--journal-truncate-at {asked} did nothing: no damage begins there.");
        }

        return snapshot is { } s && s.Position > position
            ? new LogEnd(s.Position, s.At > at ? s.At : at, null, position, ids)
            : new LogEnd(position, at, spot, position, ids);
    }

    private Instant Read(SegmentReader reader, Segment segment, CommandIdWindow ids)
    {
        var at = segment.Header.PreviousAt;
        try
        {
            while (reader.TryRead(out var header, out _))
            {
                at = header.At;
                ids.Recall(header.CommandId, header.Position);
            }
        }
        catch (JournalRefusedException e) when (IsToBeCut(e))
        {
            throw new LogCutException(segment, reader.Offset);
        }

        if (reader.Notice is { } notice)
        {
            notices.Add(notice);
        }

        return at;
    }

    private bool IsToBeCut(JournalRefusedException e) =>
        e.Refusal == JournalRefusal.Damaged && options.TruncateAt is not null && e.Position == options.TruncateAt;

    private int FirstToScan(List<Segment> segments)
    {
        var i = segments.Count - 1;
        while (i > 0 && segments[^1].First - segments[i].First < options.CommandIdsKept)
        {
            i--;
        }

        return Math.Max(i, 0);
    }

    private void CutTornTail(SegmentReader reader, Segment segment)
    {
        // A file that is too short: a start was interrupted while it cut.
        if (reader.TornBytes > 0 || reader.FileBytes < options.SegmentBytes)
        {
            Truncation.MakeBlank(files, segment.Name, reader.Offset, options.SegmentBytes);
        }

        if (reader.TornBytes > 0)
        {
            notices.Add(
                $"A torn batch of {reader.TornBytes} bytes after position {reader.Next - 1} was cut from "
                    + $"{segment.Name}; nothing in it had been acknowledged."
            );
        }
    }

    /// <summary>The damage that the operator asked to cut was found.</summary>
    private sealed class LogCutException(Segment segment, long offset) : Exception
    {
        public Segment Segment => segment;

        public long Offset => offset;
    }
}
