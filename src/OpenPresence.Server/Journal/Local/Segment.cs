using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Local;

/// <summary>A segment that has its name.</summary>
/// <param name="Header">What its first block says.</param>
internal sealed record Segment(SegmentHeader Header)
{
    public string Name => Header.Name;

    public long First => Header.First;
}

/// <summary>A place in a segment: after the entry at <paramref name="Position"/>.</summary>
internal readonly record struct FileSpot(Segment Segment, long Offset, long Position) : IStorageSpot;

/// <summary>The segments in order; the last one is written to. Safe for any thread.</summary>
internal sealed class SegmentList
{
    private readonly Lock _gate = new();
    private Segment[] _segments;

    /// <param name="segments">Ordered by first position.</param>
    public SegmentList(IEnumerable<Segment> segments) => _segments = [.. segments];

    public IReadOnlyList<Segment> All
    {
        get
        {
            lock (_gate)
            {
                return _segments;
            }
        }
    }

    /// <summary>The segment after <paramref name="segment"/>; null: it is the last.</summary>
    public Segment? After(Segment segment)
    {
        var all = All;
        for (var i = 0; i < all.Count - 1; i++)
        {
            if (all[i].First == segment.First)
            {
                return all[i + 1];
            }
        }

        return null;
    }

    /// <summary>
    /// The oldest entry from which everything up to the end can be read. Before it there may be more, which stands apart: a
    /// snapshot that was put into the directory lies between.
    /// </summary>
    public long Oldest
    {
        get
        {
            var all = All;
            var i = all.Count - 1;
            while (i > 0 && all[i].Header.Previous == all[i].First - 1)
            {
                i--;
            }

            return all[i].First;
        }
    }

    /// <summary>
    /// The segment that has, or will have, the entry after <paramref name="position"/>.
    /// </summary>
    /// <exception cref="JournalRefusedException">It was trimmed, or never was in a segment.</exception>
    public Segment Holding(long position)
    {
        var all = All;
        for (var i = all.Count - 1; i >= 0; i--)
        {
            if (all[i].First <= position + 1)
            {
                // What lies between two segments stands only in a snapshot.
                var after = i + 1 < all.Count ? all[i + 1] : null;
                return after is null || position < after.Header.Previous
                    ? all[i]
                    : throw Refusals.EntriesMissing(position, after.First);
            }
        }

        throw Refusals.EntriesMissing(position, all.Count == 0 ? null : all[0].First);
    }

    /// <summary>Adds the newest; one that begins at the same position holds nothing and is replaced.</summary>
    public void Add(Segment segment)
    {
        lock (_gate)
        {
            _segments = [.. _segments.Where(s => s.First < segment.First), segment];
        }
    }

    /// <summary>Takes out those whose entries all stand at or before <paramref name="position"/>.</summary>
    public IReadOnlyList<Segment> RemoveThrough(long position)
    {
        lock (_gate)
        {
            var gone = _segments
                .Take(_segments.Length - 1)
                .TakeWhile((_, i) => _segments[i + 1].Header.Previous <= position)
                .ToArray();
            _segments = _segments[gone.Length..];
            return gone;
        }
    }
}
