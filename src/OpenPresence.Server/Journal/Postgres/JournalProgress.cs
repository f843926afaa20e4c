namespace OpenPresence.Server.Journal.Postgres;

/// <summary>How far the node is behind the journal, and what it heard of its end. Safe for any thread.</summary>
internal sealed class JournalProgress(TimeProvider time, long position)
{
    private readonly Lock _gate = new();
    private long _heard = position;
    private long _read = position;
    private long _caughtUp = time.GetTimestamp();
    private bool _isLost;
    private bool _isDoubted;
    private long _appends;
    private TimeSpan _ahead;

    /// <summary>How many appends were answered.</summary>
    public long Appends => Volatile.Read(ref _appends);

    /// <summary>The last position that is known to exist.</summary>
    public long Heard => Volatile.Read(ref _heard);

    /// <summary>How far the database's clock is ahead of this machine's; what was found last.</summary>
    public TimeSpan Ahead
    {
        get
        {
            lock (_gate)
            {
                return _ahead;
            }
        }
        set
        {
            lock (_gate)
            {
                _ahead = value;
            }
        }
    }

    /// <summary>How far behind.</summary>
    public JournalLag Lag
    {
        get
        {
            lock (_gate)
            {
                var entries = Math.Max(_heard - _read, 0);
                return entries == 0 && !_isLost ? default : new JournalLag(entries, time.GetElapsedTime(_caughtUp));
            }
        }
    }

    /// <summary>The journal reaches to a position. True: farther than was known to have been read.</summary>
    public bool Hear(long position)
    {
        lock (_gate)
        {
            if (_heard <= _read && position > _read)
            {
                _caughtUp = time.GetTimestamp();
            }

            _heard = Math.Max(_heard, position);
            return _heard > _read;
        }
    }

    /// <summary>The node has read to a position, and the database answers.</summary>
    public void Reached(long position)
    {
        lock (_gate)
        {
            (_read, _heard, _isLost) = (position, Math.Max(_heard, position), false);
            _caughtUp = _heard <= position ? time.GetTimestamp() : _caughtUp;
        }
    }

    /// <summary>An append was answered; of the writer alone.</summary>
    public void Appended() => Volatile.Write(ref _appends, _appends + 1);

    /// <summary>The database does not answer.</summary>
    public void Lost()
    {
        lock (_gate)
        {
            if (!_isLost && _heard <= _read)
            {
                _caughtUp = time.GetTimestamp();
            }

            _isLost = true;
        }
    }

    /// <summary>Another connection was lost, or all is quiet: the writer should look whether its own still works.</summary>
    public void Doubt() => Volatile.Write(ref _isDoubted, true);

    /// <summary>Whether there is a doubt, which is thereby taken up.</summary>
    public bool TakeDoubt() => Interlocked.Exchange(ref _isDoubted, false);
}
