using OpenPresence.Engine;
using OpenPresence.Server.Journal.Appending;
using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// The one thread that writes: takes all appends that wait, gives them positions and an instant, writes and
/// flushes them at once, shows them to the readers and answers the callers.
/// </summary>
/// <remarks>
/// A thread of its own, not a task: it spends its life in blocking calls, and the thread pool is for those who
/// wait for it. A bug in here ends the process: what is durable stays, and a start is the one path that is
/// proven to cope with anything.
/// </remarks>
internal sealed class Writer : IDisposable
{
    private readonly AppendQueue _queue;
    private readonly SegmentWriter _log;
    private readonly LiveTail<FileSpot> _tail;
    private readonly CommandIdWindow _ids;
    private readonly Func<Instant> _now;
    private readonly Outage _outage;
    private readonly ILogger _logger;
    private readonly byte[] _buffer;
    private readonly List<IAppender> _repeated = [];
    private PendingAppend[] _taken = new PendingAppend[AppendQueue.BatchEntriesMax];
    private long _position;
    private Instant _at;

    public Writer(
        LocalJournalOptions options,
        LogEnd end,
        AppendQueue queue,
        SegmentWriter log,
        LiveTail<FileSpot> tail,
        Func<Instant> now,
        TimeProvider time,
        ILogger logger
    )
    {
        (_queue, _log, _tail, _ids, _now) = (queue, log, tail, end.Ids, now);
        (_position, _at, _logger) = (end.Position, end.At, logger);
        _outage = new Outage(options.RetryFirst, options.RetryMax, time, queue.Retry);
        _buffer = GC.AllocateUninitializedArray<byte>(options.BatchBytes, pinned: true);
    }

    /// <summary>Returns when the queue is closed and empty.</summary>
    public void Run()
    {
        while (_queue.Take(ref _taken, out var count, out var retry))
        {
            if (retry && _outage.IsOn)
            {
                Recover();
            }

            var waiting = _taken.AsSpan(0, count);
            for (var done = 0; done < count; )
            {
                done += Commit(waiting[done..]);
            }

            waiting.Clear();
        }

        if (!_outage.IsOn)
        {
            StopCleanly();
        }
    }

    public void Dispose() => _outage.Dispose();

    /// <summary>Deals with as many as fit in one flush, and returns how many those are.</summary>
    private int Commit(ReadOnlySpan<PendingAppend> waiting)
    {
        if (_outage.IsOn)
        {
            BatchAnswers.Fail(waiting, _queue.Fault!, null);
            return waiting.Length;
        }

        var (batch, taken) = Encode(waiting);
        try
        {
            if (batch.Bytes > 0)
            {
                Store(batch);
            }
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            _ids.Release();
            BeginOutage(e);
            BatchAnswers.Fail(waiting[..taken], _queue.Fault!, e);
            return taken;
        }

        BatchAnswers.Complete(waiting[..taken]);
        BatchAnswers.FailRepeated(_repeated);
        return taken;
    }

    private (Batch Batch, int Taken) Encode(ReadOnlySpan<PendingAppend> waiting)
    {
        var at = _now() is var now && now > _at ? now : _at;
        var entries = new Entry[Math.Min(waiting.Length, AppendQueue.BatchEntriesMax)];
        var (taken, count, bytes, payloadBytes) = (0, 0, 0, 0);
        var companions = false;
        _repeated.Clear();
        foreach (ref readonly var append in waiting[..entries.Length])
        {
            _ids.Prefetch(append.CommandId);
        }

        for (; taken < entries.Length; taken++)
        {
            var (waiter, id, payload, companion) = waiting[taken];
            if (bytes + Frame.BytesOf(payload.Length) > _buffer.Length)
            {
                break;
            }

            var position = _position + count + 1;
            var isNew = _ids.TryClaim(id, position, out var known);
            if (waiter is not null)
            {
                waiter.Outcome = new Appended(known, !isNew);
            }
            else if (!isNew)
            {
                _repeated.Add((IAppender)companion!);
            }

            if (isNew)
            {
                bytes += Frame.Write(
                    _buffer.AsSpan(bytes),
                    new FrameHeader(FrameKind.Entry, payload.Length, position, at, id, _position),
                    payload.Span
                );
                entries[count++] = new Entry(position, at, id, payload, companion);
                payloadBytes += payload.Length;
                companions |= companion is not null;
            }
        }

        var all = count == entries.Length ? entries : entries[..count];
        return (new Batch(all, at, bytes, payloadBytes, companions), taken);
    }

    private void Store(in Batch batch)
    {
        if (!_log.Fits(batch.Bytes))
        {
            _log.Begin(_position + 1, _position, _at);
        }

        var before = _position;
        _log.Append(_buffer.AsSpan(0, batch.Bytes), before + batch.Entries.Length);
        _ids.Confirm();
        (_position, _at) = (before + batch.Entries.Length, batch.At);
        _tail.Publish(new TailBatch<FileSpot>(before, batch.Entries, _log.End, batch.MemoryBytes, batch.Companions));
    }

    private void BeginOutage(Exception cause)
    {
        var delay = _outage.TryLater();
        _queue.SetFault($"The journal cannot be written: {cause.Message} Reads go on; the next try is in {delay}.");
        _logger.LogError(cause, "The journal cannot be written; trying again in {Delay}.", delay);
    }

    // What failed is never flushed again: its pages may count as clean although the device never got them.
    private void Recover()
    {
        try
        {
            _log.VerifyLast();
            _log.Begin(_position + 1, _position, _at);
        }
        catch (Exception e) when (DiskFailure.Is(e) || e is JournalRefusedException)
        {
            BeginOutage(e);
            return;
        }

        _outage.End();
        _queue.SetFault(null);
        _logger.LogWarning("The journal can be written again, after position {Position}.", _position);
    }

    private void StopCleanly()
    {
        var stop = new FrameHeader(FrameKind.CleanStop, 0, _position, _at, default, _position);
        if (_log.Fits(stop.Bytes))
        {
            try
            {
                _log.Append(_buffer.AsSpan(0, Frame.Write(_buffer, stop, [])), _position);
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                _logger.LogWarning(e, "The journal was stopped, but could not say so in its file.");
            }
        }
    }

    /// <summary>What one flush writes.</summary>
    private readonly record struct Batch(Entry[] Entries, Instant At, int Bytes, int PayloadBytes, bool Companions)
    {
        private const int EntryBytes = 64;

        public long MemoryBytes => PayloadBytes + (long)EntryBytes * Entries.Length;
    }
}
