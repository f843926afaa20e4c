using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// The segment that is written to, and the step to the next one. Belongs to the writer; every member may throw
/// what the disk throws, and then <see cref="Begin"/> is the only way on.
/// </summary>
internal sealed class SegmentWriter(IJournalFiles files, SegmentList segments, SpareSegment spare, long segmentBytes)
    : IDisposable
{
    private IJournalFile? _file;
    private FileSpot _end;
    private FileSpot _beforeLast;

    /// <summary>Behind the last durable entry.</summary>
    public FileSpot End => _end;

    /// <summary>Goes on at the end of a segment that an earlier start began.</summary>
    public void GoOn(IJournalFile file, FileSpot end) => (_file, _end, _beforeLast) = (file, end, end);

    public bool Fits(int bytes) => _file is not null && _end.Offset + bytes <= segmentBytes;

    /// <summary>Writes and flushes whole frames, up to and with <paramref name="position"/>.</summary>
    public void Append(ReadOnlySpan<byte> frames, long position)
    {
        _file!.Write(frames, _end.Offset);
        _file.Flush();
        _beforeLast = _end;
        _end = new FileSpot(_end.Segment, _end.Offset + frames.Length, position);
        if (_end.Offset > segmentBytes / 2)
        {
            spare.Prepare();
        }
    }

    /// <summary>
    /// A new segment, which says that what the one before holds after <paramref name="previous"/> is void.
    /// </summary>
    public void Begin(long first, long previous, Instant previousAt)
    {
        var segment = new Segment(new SegmentHeader(first, previous, previousAt));
        var file = spare.Take();
        try
        {
            file.Write(segment.Header.ToBlock(), 0);
            file.Flush();
            files.Rename(SpareSegment.Name, segment.Name);
            files.FlushNames();
        }
        catch
        {
            file.Dispose();
            throw;
        }

        segments.Add(segment);
        _file?.Dispose();
        GoOn(file, new FileSpot(segment, SegmentHeader.Bytes, first - 1));
    }

    /// <summary>
    /// After a failed flush: reads the last durable batch back from the device, past the page cache.
    /// </summary>
    /// <exception cref="JournalRefusedException">The device lost what it had confirmed.</exception>
    public void VerifyLast()
    {
        if (_file is null || _beforeLast.Position == _end.Position)
        {
            return;
        }

        using var reader = new SegmentReader(
            files.Open(_end.Segment.Name, FileUse.ReadFromDevice),
            _end.Segment,
            _beforeLast.Offset,
            _beforeLast.Position + 1,
            through: _end.Position,
            covered: 0,
            keepsPayloads: false
        );
        while (reader.TryRead(out _, out _)) { }
    }

    public void Dispose() => _file?.Dispose();
}

/// <summary>
/// The next segment's file, made ahead in the background, because writing its zeros takes as long as hundreds
/// of flushes. Belongs to the writer.
/// </summary>
internal sealed class SpareSegment(IJournalFiles files, long bytes, Action<Action> background) : IDisposable
{
    public const string Name = "spare.tmp";

    private Task<IJournalFile>? _spare;

    /// <summary>Begins to make one unless that was done already.</summary>
    public void Prepare()
    {
        if (_spare is null)
        {
            var made = new TaskCompletionSource<IJournalFile>();
            _spare = made.Task;
            background(() => Make(made));
        }
    }

    /// <summary>The one that is ready or in the making; otherwise one is made now.</summary>
    public IJournalFile Take()
    {
        var spare = _spare;
        _spare = null;
        return Wait(spare) ?? files.Create(Name, bytes);
    }

    public void Dispose()
    {
        if (Wait(_spare) is { } file)
        {
            file.Dispose();
            try
            {
                files.Delete(Name);
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                // The next start deletes what is unfinished.
            }
        }
    }

    private void Make(TaskCompletionSource<IJournalFile> made)
    {
        try
        {
            made.SetResult(files.Create(Name, bytes));
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            // Not yet a fault: appends go on in the old segment, and by then there may be space again.
            made.SetException(e);
        }
    }

    private static IJournalFile? Wait(Task<IJournalFile>? spare)
    {
        try
        {
            return spare?.GetAwaiter().GetResult();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            return null;
        }
    }
}
