namespace OpenPresence.Server.Journal.Local;

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

/// <summary>One flush's entries.</summary>
/// <param name="before">The position before the first.</param>
/// <param name="entries">Never empty.</param>
/// <param name="end">Where storage goes on behind them.</param>
/// <param name="bytes">What they hold in memory.</param>
/// <param name="companions">Whether any of them has one.</param>
internal sealed class TailBatch(
    long before,
    Entry[] entries,
    FileSpot end,
    long bytes,
    bool companions
)
{
    private readonly bool _isPlain = !companions;

    public long Before => before;

    public long Last => end.Position;

    public FileSpot End => end;

    public long Bytes => bytes;

    /// <summary>Companions that no reader has had yet.</summary>
    public bool Companions { get; private set; } = companions;

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
internal readonly record struct TailStep(
    Entry[]? Batch,
    FileSpot End,
    long StorageThrough,
    bool Closed
);

/// <summary>The durable entries that some reader has yet to take. Safe for any thread.</summary>
/// <param name="bytesMax">Above it, batches go although somebody has yet to take them.</param>
/// <param name="durable">The last durable position at start.</param>
internal sealed class LiveTail(long bytesMax, long durable)
{
    /// <summary>More readers than any node has use for.</summary>
    public const int ReadersMax = 64;

    private readonly Lock _gate = new();
    private readonly List<TailReader> _readers = [];
    private readonly LinkedList<TailBatch> _batches = new();
    private long _bytes;
    private long _durable = durable;
    private bool _closed;
    private volatile bool _isFull;

    public long Durable => Volatile.Read(ref _durable);

    /// <summary>Companions wait for a reader that does not keep up; no more can be taken in.</summary>
    public bool IsFull => _isFull;

    /// <summary>Adds a reader; the first one gets the companions.</summary>
    public TailReader Join(long position)
    {
        lock (_gate)
        {
            if (_readers.Count >= ReadersMax)
            {
                throw new InvalidOperationException(
                    $"More than {ReadersMax} readers follow already."
                );
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

    /// <summary>The flush is done: these entries may be seen.</summary>
    public void Publish(TailBatch batch)
    {
        List<TailReader>? waiting = null;
        lock (_gate)
        {
            _ = _batches.AddLast(batch);
            _bytes += batch.Bytes;
            Volatile.Write(ref _durable, batch.Last);
            DropTaken();
            waiting = CollectWaiting();
        }

        Wake(waiting);
    }

    public void Close()
    {
        List<TailReader>? waiting;
        lock (_gate)
        {
            _closed = true;
            waiting = CollectWaiting();
        }

        Wake(waiting);
    }

    /// <summary>Decides what <paramref name="reader"/> does next; nothing at all means that it must wait.</summary>
    public TailStep Next(TailReader reader)
    {
        lock (_gate)
        {
            var position = reader.Position;
            var first = _batches.First?.Value;
            if (first is not null && position >= first.Before && position < _durable)
            {
                return TakeBatch(reader);
            }

            if (position < _durable)
            {
                return new TailStep(null, default, first?.Before ?? _durable, false);
            }

            reader.IsWaiting = !_closed;
            return new TailStep(null, default, 0, _closed);
        }
    }

    private TailStep TakeBatch(TailReader reader)
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
        return new TailStep(entries, batch.End, 0, false);
    }

    // Without readers only companions keep a batch: a reader that comes later finds the rest in storage.
    private void DropTaken()
    {
        var slowest = long.MaxValue;
        foreach (var reader in _readers)
        {
            slowest = Math.Min(slowest, reader.Position);
        }

        while (
            _batches.First?.Value is { Companions: false } first
            && (first.Last <= slowest || _bytes > bytesMax)
        )
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
