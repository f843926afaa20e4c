using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Following;

// THE LIVE TAIL
//
// Entries that have become durable wait here, in memory, for the readers that follow. The tail is the
// only thing that knows both ends, so every step of a reader is decided here under one lock: take a
// batch from memory, read on from storage, or wait.
//
// Memory is bounded. A batch goes once every reader has taken it. When the readers are slow and the
// tail is full, the oldest batches go all the same, and the slow ones read them from storage; nobody
// waits for them. The one thing that storage cannot give back is a companion. A batch with companions
// that have not been handed out stays, and while the tail is over its limit because of that, appends
// are refused: their callers would wait in vain for a reader that does not keep up.

/// <summary>Entries that became durable together.</summary>
/// <param name="before">The position before the first.</param>
/// <param name="entries">Never empty.</param>
/// <param name="end">Where storage goes on behind them.</param>
/// <param name="bytes">What they hold in memory.</param>
/// <param name="companions">Whether any of them has one.</param>
internal sealed class TailBatch<TSpot>(long before, Entry[] entries, TSpot end, long bytes, bool companions)
    where TSpot : struct, IStorageSpot
{
    private readonly bool _isPlain = !companions;

    public long Before => before;

    public long Last => end.Position;

    public TSpot End => end;

    public long Bytes => bytes;

    /// <summary>Companions that no reader has had yet.</summary>
    public bool Companions { get; private set; } = companions;

    /// <summary>Those who wait for a reader that has yet to come.</summary>
    public IEnumerable<IAppender> Appenders() =>
        Companions ? entries.Select(entry => entry.Companion).OfType<IAppender>() : [];

    /// <summary>The entries after <paramref name="position"/>; with companions at most once.</summary>
    public Entry[] Take(long position, bool withCompanions)
    {
        var skipped = (int)Math.Max(position - before, 0);
        var taken = skipped == 0 ? entries : entries[skipped..];
        if (_isPlain || (withCompanions && Companions))
        {
            Companions = false;
            return taken;
        }

        // Seldom: somebody else follows, too, or the first reader left and another one came.
        return Array.ConvertAll(taken, entry => entry with { Companion = null });
    }
}

/// <summary>What a reader does next.</summary>
/// <param name="Batch">Entries from memory.</param>
/// <param name="End">Where storage goes on behind them.</param>
/// <param name="StorageThrough">Read storage up to here; 0: do not.</param>
/// <param name="Closed">There will be no more.</param>
internal readonly record struct TailStep<TSpot>(Entry[]? Batch, TSpot End, long StorageThrough, bool Closed);

/// <summary>The durable entries that some reader has yet to take. Safe for any thread.</summary>
/// <param name="bytesMax">Above it, batches go although somebody has yet to take them.</param>
/// <param name="durable">The last durable position at start.</param>
internal sealed class LiveTail<TSpot>(long bytesMax, long durable)
    where TSpot : struct, IStorageSpot
{
    private readonly Lock _gate = new();
    private readonly List<TailReader> _readers = [];
    private readonly LinkedList<TailBatch<TSpot>> _batches = new();
    private long _bytes;
    private long _durable = durable;
    private bool _closed;
    private JournalRefusedException? _refusal;
    private volatile bool _isFull;

    public long Durable => Volatile.Read(ref _durable);

    /// <summary>Companions wait for a reader that does not keep up; no more can be taken in.</summary>
    public bool IsFull => _isFull;

    /// <summary>Adds a reader; the first one gets the companions.</summary>
    public TailReader Join(long position)
    {
        lock (_gate)
        {
            if (_readers.Count >= TailReader.CountMax)
            {
                throw new InvalidOperationException($"More than {TailReader.CountMax} readers follow already.");
            }

            var reader = new TailReader { Position = position };
            _readers.Add(reader);
            return reader;
        }
    }

    public void Leave(TailReader reader)
    {
        lock (_gate)
        {
            _ = _readers.Remove(reader);
            DropTaken();
        }
    }

    /// <summary>They are durable: these entries may be seen. Readers are woken once for all of them.</summary>
    public void Publish(params ReadOnlySpan<TailBatch<TSpot>> batches)
    {
        List<TailReader>? waiting = null;
        lock (_gate)
        {
            foreach (var batch in batches)
            {
                _ = _batches.AddLast(batch);
                _bytes += batch.Bytes;
                Volatile.Write(ref _durable, batch.Last);
            }

            DropTaken();
            waiting = CollectWaiting();
        }

        Wake(waiting);
    }

    /// <summary>There will be no more entries.</summary>
    /// <param name="refusal">
    /// What readers are told at once, and those whose entries they will not take; null: they end after the last entry.
    /// </param>
    public void Close(JournalRefusedException? refusal = null)
    {
        List<TailReader>? waiting;
        List<IAppender> forsaken = [];
        lock (_gate)
        {
            (_closed, _refusal) = (true, _refusal ?? refusal);
            waiting = CollectWaiting();
            if (_refusal is not null)
            {
                forsaken.AddRange(_batches.SelectMany(batch => batch.Appenders()));
                _batches.Clear();
            }
        }

        Wake(waiting);
        foreach (var appender in forsaken)
        {
            BatchAnswers.FailLater(appender, new JournalUnavailableException(refusal!.Message, refusal));
        }
    }

    /// <summary>Decides what <paramref name="reader"/> does next; nothing at all means that it must wait.</summary>
    /// <exception cref="JournalRefusedException">The tail was closed with it.</exception>
    public TailStep<TSpot> Next(TailReader reader)
    {
        lock (_gate)
        {
            if (_refusal is { } refusal)
            {
                throw new JournalRefusedException(refusal.Refusal, refusal.Message, refusal.Position);
            }

            var position = reader.Position;
            var first = _batches.First?.Value;
            if (first is not null && position >= first.Before && position < _durable)
            {
                return TakeBatch(reader);
            }

            if (position < _durable)
            {
                return new TailStep<TSpot>(null, default, first?.Before ?? _durable, false);
            }

            reader.IsWaiting = !_closed;
            return new TailStep<TSpot>(null, default, 0, _closed);
        }
    }

    private TailStep<TSpot> TakeBatch(TailReader reader)
    {
        var node = _batches.First!;
        while (node.Value.Last <= reader.Position)
        {
            node = node.Next!;
        }

        var batch = node.Value;
        var entries = batch.Take(reader.Position, withCompanions: reader == _readers[0]);
        reader.Position = batch.Last;
        DropTaken();
        return new TailStep<TSpot>(entries, batch.End, 0, false);
    }

    // Without readers only companions keep a batch: a reader that comes later finds the rest in storage.
    private void DropTaken()
    {
        var slowest = long.MaxValue;
        foreach (var reader in _readers)
        {
            slowest = Math.Min(slowest, reader.Position);
        }

        while (_batches.First?.Value is { Companions: false } first && (first.Last <= slowest || _bytes > bytesMax))
        {
            _bytes -= first.Bytes;
            _batches.RemoveFirst();
        }

        _isFull = _bytes > bytesMax;
    }

    private List<TailReader>? CollectWaiting()
    {
        List<TailReader>? waiting = null;
        foreach (var reader in _readers)
        {
            if (reader.IsWaiting)
            {
                reader.IsWaiting = false;
                (waiting ??= []).Add(reader);
            }
        }

        return waiting;
    }

    private static void Wake(List<TailReader>? waiting)
    {
        if (waiting is not null)
        {
            foreach (var reader in waiting)
            {
                reader.Signal();
            }
        }
    }

    /// <summary>Ends a reader's wait because it was cancelled.</summary>
    public void Interrupt(TailReader reader)
    {
        lock (_gate)
        {
            if (!reader.IsWaiting)
            {
                return;
            }

            reader.IsWaiting = false;
        }

        reader.Signal();
    }
}
