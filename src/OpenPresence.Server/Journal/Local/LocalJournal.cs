using OpenPresence.Engine;
using OpenPresence.Server.Journal.Appending;
using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Local;

// THE LOCAL JOURNAL
//
//   AppendAsync ─► AppendQueue ─► Writer ─► SegmentWriter ─► disk
//                                   │ after the flush, in this order:
//                                   ├─► LiveTail ─► ReadAsync       the readers see the entries
//                                   └─► AppendCompletions           the callers get their positions
//
//   ReadAsync(position): StorageCursor reads the segments until the live tail takes over, and again
//   whenever the reader was slower than the tail's memory.
//
//   WriteSnapshotAsync: SnapshotStore writes beside all that, then segments that neither the older of
//   the two kept snapshots nor the remembered command ids need are deleted.
//
//   Open: SnapshotStore.Find, LogStart.Find, and the clock's bound. The files' format is at the head of
//   Frame.cs. What survives is decided there, and by one rule here: nothing is shown or acknowledged
//   before the flush that made it durable has returned.

/// <summary>The journal in files of one directory; the default, with nothing to install.</summary>
public sealed class LocalJournal : IJournal
{
    private readonly LocalJournalOptions _options;
    private readonly IJournalFiles _files;
    private readonly SegmentList _segments;
    private readonly SegmentWriter _log;
    private readonly SpareSegment _spare;
    private readonly SnapshotStore _snapshots;
    private readonly LiveTail<FileSpot> _tail;
    private readonly AppendQueue _queue;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LocalJournal(
        LocalJournalOptions options,
        Func<Instant> now,
        TimeProvider time,
        ILogger logger,
        IJournalFiles files,
        Action<Action> background
    )
    {
        (_options, _files) = (options, files);
        List<string> notices = [];
        DeleteUnfinished(files);
        _snapshots = new SnapshotStore(files);
        _snapshots.Find(notices);
        (_segments, var end) = new LogStart(files, options, _snapshots.Newest, notices).Find();
        RefuseClockBehind(end.At, now());

        _spare = new SpareSegment(files, options.SegmentBytes, background);
        _log = new SegmentWriter(files, _segments, _spare, options.SegmentBytes);
        if (end.Spot is { } spot)
        {
            _log.GoOn(files.Open(spot.Segment.Name, FileUse.Write), spot);
        }
        else
        {
            _log.Begin(end.Position + 1, end.LogPosition, end.At);
        }

        _tail = new LiveTail<FileSpot>(options.TailBytesMax, end.Position);
        _queue = new AppendQueue(options.AppendsWaitingMax, options.AppendsWaitingBytesMax);
        var writer = new Writer(options, end, _queue, _log, _tail, now, time, logger);
        new Thread(() => Run(writer)) { IsBackground = true, Name = "journal" }.Start();

        Notices = notices;
        foreach (var notice in notices)
        {
            logger.LogWarning("{Notice}", notice);
        }
    }

    /// <inheritdoc />
    public long LastPosition => _tail.Durable;

    /// <inheritdoc />
    public string? Fault => _queue.Fault;

    /// <summary>The oldest entry that can be read, with everything after it; it may be one that is still to come.</summary>
    public long FirstPosition => _segments.Oldest;

    /// <summary>What was found and repaired at start, a sentence each; they are logged, too.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Opens the journal, or begins a new one, and holds its directory until it is disposed of.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="now">Stamps the entries; a clock that goes back makes their time stand still.</param>
    /// <param name="time">For retries after an I/O error only.</param>
    /// <param name="logger">Notices of the start; outages and their end.</param>
    /// <exception cref="JournalRefusedException">The operator has to look at it; says what to do.</exception>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    public static LocalJournal Open(
        LocalJournalOptions options,
        Func<Instant> now,
        TimeProvider time,
        ILogger<LocalJournal> logger
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var files = new DiskFiles(options.Directory);
        return Open(options, now, time, logger, files, work => ThreadPool.QueueUserWorkItem(_ => work()));
    }

    /// <summary>The same over other files, which it takes over.</summary>
    internal static LocalJournal Open(
        LocalJournalOptions options,
        Func<Instant> now,
        TimeProvider time,
        ILogger logger,
        IJournalFiles files,
        Action<Action> background
    )
    {
        try
        {
            return new LocalJournal(options, now, time, logger, files, background);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask<JournalSnapshot?> OpenSnapshotAsync(CancellationToken cancel) =>
        ValueTask.FromResult(_snapshots.OpenNewest());

    /// <inheritdoc />
    public IAsyncEnumerable<IReadOnlyList<Entry>> ReadAsync(long position, CancellationToken cancel) =>
        Follower.ReadAsync(_tail, new StorageCursor(_files, _segments, position), position, cancel);

    /// <inheritdoc />
    public ValueTask<Appended> AppendAsync(Guid commandId, ReadOnlyMemory<byte> payload, object? companion = null)
    {
        Check(payload, companion);
        return _queue.Add(commandId, payload, companion);
    }

    /// <inheritdoc />
    public void Append(Guid commandId, ReadOnlyMemory<byte> payload, IAppender appender)
    {
        Check(payload, appender);
        _queue.Add(commandId, payload, appender);
    }

    /// <inheritdoc />
    public async ValueTask WriteSnapshotAsync(
        long position,
        Instant at,
        Func<Stream, CancellationToken, ValueTask> write,
        CancellationToken cancel
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, LastPosition);
        ArgumentOutOfRangeException.ThrowIfLessThan(position, _snapshots.Newest?.Position ?? 1);
        try
        {
            var oldest = await _snapshots.WriteAsync(new SnapshotId(position, at), write, cancel);
            Trim(Math.Min(oldest, LastPosition - _options.CommandIdsKept));
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw new JournalUnavailableException($"The snapshot was not written: {e.Message}", e);
        }
    }

    /// <summary>Writes what waits, then stops; readers get what is durable and end.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _stopped.Task;
    }

    private void Check(ReadOnlyMemory<byte> payload, object? companion)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, _options.PayloadBytesMax, nameof(payload));
        if (companion is not null && _tail.IsFull)
        {
            throw new JournalUnavailableException(
                "Too many durable entries wait to be applied; the node does not keep up."
            );
        }
    }

    private void Run(Writer writer)
    {
        writer.Run();
        writer.Dispose();
        _tail.Close();
        _log.Dispose();
        _spare.Dispose();
        _files.Dispose();
        _stopped.SetResult();
    }

    private void Trim(long through)
    {
        foreach (var segment in _segments.RemoveThrough(through))
        {
            _files.Delete(segment.Name);
        }

        _files.FlushNames();
    }

    private void RefuseClockBehind(Instant lastAt, Instant now)
    {
        if (lastAt > now && lastAt - now > _options.ClockLeadMax)
        {
            throw Refusals.ClockBehind(lastAt.ToDateTimeOffset(), now.ToDateTimeOffset(), _options.ClockLeadMax);
        }
    }

    private static void DeleteUnfinished(IJournalFiles files)
    {
        foreach (var name in files.Names().Where(name => Path.GetExtension(name) == ".tmp"))
        {
            files.Delete(name);
        }
    }
}
