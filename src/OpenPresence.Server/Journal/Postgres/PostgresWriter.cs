using OpenPresence.Engine;
using OpenPresence.Server.Journal.Appending;
using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// The one thread that talks to the database about entries: appends what waits here in one call, reads what others
/// appended, and brings both to the readers in order.
/// </summary>
/// <remarks>
/// One call is under way while the next batch gathers. After an append it knows everything before its own batch, because
/// the answer brings what lies between; so it needs no lock with a second reader, and an id that it has read is never
/// appended again. A bug in here ends the process, as in the local journal's writer.
/// </remarks>
internal sealed class PostgresWriter : IDisposable
{
    private readonly Database _database;
    private readonly PostgresJournalOptions _options;
    private readonly AppendQueue _queue;
    private readonly LiveTail<BatchSpot> _tail;
    private readonly BatchOrder _order;
    private readonly CommandIdWindow _ids;
    private readonly BatchEncoder _encoder;
    private readonly JournalLink _link;
    private readonly JournalProgress _progress;
    private readonly Func<JournalClock> _clock;
    private readonly TimeProvider _time;
    private readonly Outage _outage;
    private readonly ILogger _logger;
    private PendingAppend[] _taken = new PendingAppend[AppendQueue.BatchEntriesMax];
    private UnknownAppend? _unknown;
    private bool _isRefused;

    // Nobody else had appended anything when this node did so last.
    private bool _isAlone = true;

    public PostgresWriter(
        Database database,
        PostgresJournalOptions options,
        AppendQueue queue,
        LiveTail<BatchSpot> tail,
        CommandIdWindow ids,
        BatchOrder order,
        JournalProgress progress,
        Func<JournalClock> clock,
        TimeProvider time,
        ILogger logger
    )
    {
        (_database, _options, _queue, _tail, _ids) = (database, options, queue, tail, ids);
        (_order, _progress, _clock, _time, _logger) = (order, progress, clock, time, logger);
        _encoder = new BatchEncoder(ids, options.BatchBytes);
        _link = new JournalLink(database, options.Node);
        _outage = new Outage(options.RetryFirst, options.RetryMax, time, queue.Retry);
    }

    /// <summary>Connects; before the thread begins.</summary>
    public void Open() => _link.Open();

    /// <summary>Returns when the queue is closed and empty.</summary>
    public void Run()
    {
        while (_queue.Take(ref _taken, out var count, out var isWoken))
        {
            if (isWoken)
            {
                Tend(isIdle: count == 0);
            }

            var waiting = _taken.AsSpan(0, count);
            for (var done = 0; done < count; )
            {
                done += Commit(waiting[done..]);
            }

            waiting.Clear();
        }

        GiveUpUnknown("The server is stopping.");
    }

    public void Dispose()
    {
        _outage.Dispose();
        _link.Dispose();
    }

    /// <summary>What was asked for by waking: a try to get out of an outage, or a look at what others appended.</summary>
    private void Tend(bool isIdle)
    {
        if (_isRefused)
        {
            return;
        }

        if (_outage.IsOn)
        {
            Recover();
        }
        else if (_progress.TakeDoubt())
        {
            Attempt(() => _ = _link.Tip());
        }

        // An append reads on by itself.
        if (isIdle && !_outage.IsOn && _progress.Heard > _order.Position)
        {
            Attempt(ReadOn);
        }
    }

    /// <summary>Deals with as many as fit in one call, and returns how many those are.</summary>
    private int Commit(ReadOnlySpan<PendingAppend> waiting)
    {
        if (_outage.IsOn || _isRefused)
        {
            BatchAnswers.Fail(waiting, _queue.Fault!, null);
            return waiting.Length;
        }

        var (batch, taken) = _encoder.Encode(waiting, _order.Position);
        var answered = waiting[..taken];
        try
        {
            if (batch.Count > 0)
            {
                BatchEncoder.Move(answered, batch.Guessed, Append(batch, isClaimed: true));
            }
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            _ids.Release();
            BeginOutage(e);
            if (DatabaseFailure.IsAnswer(e) && batch.StoredAt is null)
            {
                BatchAnswers.Fail(answered, _queue.Fault!, e);
                _encoder.Repeated.Clear();
            }
            else
            {
                _unknown = new UnknownAppend(batch, answered.ToArray(), _time.GetTimestamp());
            }

            return taken;
        }
        catch (JournalRefusedException e)
        {
            Refuse(e);
            BatchAnswers.Fail(answered, _queue.Fault!, e);
            _encoder.Repeated.Clear();
            return taken;
        }

        BatchAnswers.Complete(answered);
        BatchAnswers.FailRepeated(_encoder.Repeated);
        return taken;
    }

    /// <summary>Appends a batch, and shows it between what others appended; returns its first position.</summary>
    private long Append(OwnBatch batch, bool isClaimed)
    {
        var (at, others) = _link.Append(batch, _clock(), _isAlone ? null : _order.Position);
        _progress.Appended();
        var first = batch.StoredAt!.Value;
        _isAlone = others.Count == 0 && first == _order.Position + 1;
        try
        {
            Place(batch, at, others, isClaimed);
        }
        finally
        {
            _order.Show();
        }

        _progress.Reached(_order.Position);
        return first;
    }

    /// <summary>Takes in a batch of this node where it stands, between what others appended before and after it.</summary>
    private void Place(OwnBatch batch, Instant at, List<StoredBatch> others, bool isClaimed)
    {
        var first = batch.StoredAt!.Value;
        var behind = others.FindIndex(other => other.First > first);
        behind = behind < 0 ? others.Count : behind;
        if (first > _order.Position + 1)
        {
            if (isClaimed)
            {
                _ids.Release();
                isClaimed = false;
            }

            Take(others[..behind]);
            ReadThrough(first - 1); // what did not fit in the answer
        }

        _order.Take(batch, first, at, isClaimed);
        Take(others[behind..]);
    }

    private void ReadOn()
    {
        // While the readers do not keep up, reading on would only fill the memory. What is beyond that will be heard of.
        while (!_tail.IsFull && _order.Position < _progress.Heard && ReadSome(long.MaxValue)) { }
        _progress.Reached(_order.Position);
    }

    private void ReadThrough(long through)
    {
        while (_order.Position < through)
        {
            if (!ReadSome(through))
            {
                throw PostgresRefusals.EntriesMissing(_order.Position, null);
            }
        }
    }

    private bool ReadSome(long through)
    {
        var batches = _link.Read(_order.Position, through);
        try
        {
            Take(batches);
        }
        finally
        {
            _order.Show();
        }

        return batches.Count > 0;
    }

    private void Take(List<StoredBatch> batches)
    {
        foreach (var batch in batches)
        {
            _order.Take(batch);
        }
    }

    private void Attempt(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            BeginOutage(e);
        }
        catch (JournalRefusedException e)
        {
            Refuse(e);
        }
    }

    private void BeginOutage(Exception cause)
    {
        var isNew = !_outage.IsOn;
        var delay = _outage.TryLater();
        _link.Close();
        _progress.Lost();
        _queue.SetFault(
            $"The {_database.Where} cannot be used: {cause.Message.TrimEnd('.')}. Reads go on; the next try is in {delay}."
        );
        if (isNew)
        {
            _logger.LogError(cause, "The {Where} cannot be used; trying again in {Delay}.", _database.Where, delay);
        }
    }

    private void Recover()
    {
        if (_unknown is { } waiting && _time.GetElapsedTime(waiting.Since) >= _options.AppendUnknownMax)
        {
            GiveUpUnknown(_queue.Fault!);
        }

        Attempt(Reconnect);
    }

    private void Reconnect()
    {
        _link.Open();
        var (tip, position) = (_link.Tip(), _order.Position);
        _ = _progress.Hear(tip.Last);
        var found = _link.Read(position - 1, long.MaxValue, max: 1);
        _order.Compare(found.Count > 0 ? found[0] : null, tip);
        if (_unknown is { } unknown)
        {
            var first = Append(unknown.Batch, isClaimed: false);
            _unknown = null;
            BatchEncoder.Move(unknown.Waiting, unknown.Batch.Guessed, first);
            BatchAnswers.Complete(unknown.Waiting);
            BatchAnswers.FailRepeated(_encoder.Repeated);
        }

        ReadOn();
        _outage.End();
        _queue.SetFault(null);
        _logger.LogWarning(
            "The {Where} can be used again; the node is at position {Position}.",
            _database.Where,
            _order.Position
        );
    }

    private void GiveUpUnknown(string why)
    {
        if (_unknown is { } unknown)
        {
            _unknown = null;
            BatchAnswers.Fail(
                unknown.Waiting,
                $"It is not known whether this was stored: the database was lost before it answered. {why}",
                null
            );
            _encoder.Repeated.Clear();
        }
    }

    // For good: only a node that loads the state anew can go on.
    private void Refuse(JournalRefusedException refusal)
    {
        _isRefused = true;
        _ids.Release();
        _queue.SetFault(refusal.Message);
        _link.Close();
        GiveUpUnknown(refusal.Message);
        _tail.Close(refusal);
    }

    /// <summary>An append whose answer was lost.</summary>
    private sealed record UnknownAppend(OwnBatch Batch, PendingAppend[] Waiting, long Since);
}
