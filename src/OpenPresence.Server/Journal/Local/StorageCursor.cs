using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Local;

/// <summary>Reads durable entries from the segments, across their borders, for one reader.</summary>
/// <param name="files">The journal's directory.</param>
/// <param name="segments">Looked up anew at each border: they come and go while a reader reads.</param>
/// <param name="position">Only entries after it are returned.</param>
internal sealed class StorageCursor(IJournalFiles files, SegmentList segments, long position) : IStorageCursor<FileSpot>
{
    // 512 entries are 28 KB: below what the large object heap takes.
    private const int EntriesMax = 512;

    private long _position = position;
    private Segment? _segment;
    private SegmentReader? _reader;
    private FileSpot? _spot;

    /// <inheritdoc />
    public ValueTask<Entry[]> ReadAsync(long through, CancellationToken cancel) => ValueTask.FromResult(Read(through));

    /// <inheritdoc />
    public void MoveTo(FileSpot spot)
    {
        Close();
        (_spot, _position) = (spot, spot.Position);
    }

    public void Dispose() => Close();

    private Entry[] Read(long through)
    {
        while (true)
        {
            var reader = _reader ??= OpenReader();
            var limit = segments.After(_segment!)?.Header.Previous ?? through;
            reader.Extend(Math.Min(limit, through));
            var entries = Take(reader);
            if (entries.Length > 0)
            {
                return entries;
            }

            if (_position >= through)
            {
                throw new InvalidOperationException($"Nothing lies between {_position} and {through}.");
            }

            Close();
        }
    }

    private Entry[] Take(SegmentReader reader)
    {
        var entries = new Entry[EntriesMax];
        var count = 0;
        while (count < EntriesMax && reader.TryRead(out var header, out var payload))
        {
            if (header.Position > _position)
            {
                _position = header.Position;
                entries[count++] = new Entry(_position, header.At, header.CommandId, payload);
            }
        }

        return count == EntriesMax ? entries : entries[..count];
    }

    private SegmentReader OpenReader()
    {
        _segment = segments.Holding(_position);
        var known = _spot is { } spot && spot.Segment.First == _segment.First;
        return new SegmentReader(
            OpenFile(_segment),
            _segment,
            known ? _spot!.Value.Offset : SegmentHeader.Bytes,
            known ? _spot!.Value.Position + 1 : _segment.First,
            through: _position,
            covered: _position,
            keepsPayloads: true
        );
    }

    private IJournalFile OpenFile(Segment segment)
    {
        try
        {
            return files.Open(segment.Name, FileUse.Read);
        }
        catch (FileNotFoundException)
        {
            // Trimmed between the look at the list and here: the reader was slower than two snapshots.
            throw Refusals.EntriesMissing(_position, segments.All[0].First);
        }
    }

    private void Close()
    {
        _reader?.Dispose();
        (_reader, _segment, _spot) = (null, null, null);
    }
}
