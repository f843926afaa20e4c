namespace OpenPresence.Server.Journal.Appending;

/// <summary>An append that waits for the writer.</summary>
/// <param name="Waiter">Who is answered; null: the companion is an <see cref="IAppender"/>, and needs no answer.</param>
/// <param name="CommandId">Its id.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Companion">For the reader.</param>
internal readonly record struct PendingAppend(
    AppendWaiter? Waiter,
    Guid CommandId,
    ReadOnlyMemory<byte> Payload,
    object? Companion
);

/// <summary>
/// Where callers leave their appends and the one writer takes them, all at once: while it flushes, the next
/// batch fills. Bounded in number and bytes; a full queue refuses at once rather than making callers wait for
/// storage that is slower than they are.
/// </summary>
/// <param name="waitingMax">Appends that may wait.</param>
/// <param name="waitingBytesMax">Bytes of payload that may wait.</param>
internal sealed class AppendQueue(int waitingMax, long waitingBytesMax)
{
    /// <summary>Entries that are made durable together: an array of them stays below the large object heap.</summary>
    public const int BatchEntriesMax = 1024;

    /// <summary>Bytes that are made durable together, unless a single entry needs more.</summary>
    public const int BatchBytesMax = 1 << 20;

    private const int FirstCapacity = 256;

    /// <summary>
    /// A writer that is woken for something else waits so long for appends, if there were some a moment ago: they take care of
    /// most that one can be woken for, and would otherwise wait for a call of its own.
    /// </summary>
    private static readonly TimeSpan s_aloneAfter = TimeSpan.FromMilliseconds(1);

    // Monitor and not Lock: the writer waits on it.
    private readonly object _gate = new();
    private readonly Gathering _gathering = new();
    private PendingAppend[] _filling = new PendingAppend[FirstCapacity];
    private int _count;
    private long _bytes;
    private string? _fault;
    private bool _retry;
    private bool _closed;

    public string? Fault => Volatile.Read(ref _fault);

    /// <exception cref="JournalUnavailableException">Faulted or full; nothing was queued.</exception>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    public ValueTask<Appended> Add(Guid commandId, ReadOnlyMemory<byte> payload, object? companion)
    {
        var waiter = AppendWaiter.Rent();
        var task = waiter.Task;
        Add(new PendingAppend(waiter, commandId, payload, companion));
        return task;
    }

    /// <exception cref="JournalUnavailableException">Faulted or full; nothing was queued.</exception>
    /// <exception cref="ObjectDisposedException">Closed.</exception>
    public void Add(Guid commandId, ReadOnlyMemory<byte> payload, IAppender appender) =>
        Add(new PendingAppend(null, commandId, payload, appender));

    private void Add(in PendingAppend append)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IJournal));
            if (_fault is not null)
            {
                throw new JournalUnavailableException(_fault);
            }

            if (_count >= waitingMax || _bytes + append.Payload.Length > waitingBytesMax)
            {
                throw new JournalUnavailableException(
                    $"{_count} appends of {_bytes} bytes wait already; storage is slower than the callers."
                );
            }

            if (_count == _filling.Length)
            {
                Array.Resize(ref _filling, Math.Min(_count * 2, waitingMax));
            }

            _filling[_count++] = append;
            _bytes += append.Payload.Length;
            if (_count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>
    /// Blocks until there is something to do. Gives what waits in exchange for an empty array; nothing when
    /// only a retry is due. False: closed, and nothing waits any more.
    /// </summary>
    public bool Take(ref PendingAppend[] batch, out int count, out bool retry)
    {
        lock (_gate)
        {
            while (_count == 0 && !_retry && !_closed)
            {
                _ = Monitor.Wait(_gate);
            }

            if (_count == 0 && !_closed && _gathering.IsExpecting)
            {
                _ = Monitor.Wait(_gate, s_aloneAfter);
            }
        }

        _gathering.Wait(ref _count);
        lock (_gate)
        {
            (batch, _filling) = (_filling, batch);
            (count, retry) = (_count, _retry);
            (_count, _bytes, _retry) = (0, 0, false);
            return count > 0 || retry || !_closed;
        }
    }

    /// <summary>From now on appends are refused with this sentence; null: taken again.</summary>
    public void SetFault(string? fault)
    {
        lock (_gate)
        {
            _fault = fault;
        }
    }

    /// <summary>Wakes the writer although nothing waits.</summary>
    public void Retry()
    {
        lock (_gate)
        {
            if (!_retry)
            {
                _retry = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>No more appends; what waits is still taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }
}
