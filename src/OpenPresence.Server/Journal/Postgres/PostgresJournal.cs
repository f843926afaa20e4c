using OpenPresence.Engine;
using OpenPresence.Server.Journal.Appending;
using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Postgres;

// THE POSTGRESQL JOURNAL
//
//   AppendAsync ─► AppendQueue ─► PostgresWriter ─► openpresence.append(): one call, one commit
//                                   │ after the answer, and after reading what others put before it:
//                                   ├─► BatchOrder ─► LiveTail ─► ReadAsync     the readers see the entries
//                                   └─► BatchAnswers                            the callers get their positions
//
//   PostgresListener wakes the writer when others append; it then reads by position.
//   ReadAsync(position): PostgresCursor asks the database until the live tail takes over.
//   WriteSnapshotAsync: PostgresSnapshots, one node at a time, then SnapshotTrimmer.
//
// The order. A batch, all that waits on a node, is one row. The function that inserts it takes an advisory lock
// until its commit can be seen, numbers it behind the newest row, and stamps it with the database's clock. So
// positions have no gaps, their order is the order of commits, and a reader that goes by position misses
// nothing. Several nodes take turns at the lock; while one commits, the others' batches grow.
//
// What may go wrong, and what then happens:
//
//   The answer is lost.       The batch is kept and sent again with the same id: the function says where it
//                             stands, or appends it. Callers wait for AppendUnknownMax; then they are told that
//                             it is not known, and the batch is never sent again.
//   A wait was cancelled.     For a replica, by somebody: success with a warning. The same as a lost answer.
//   The server says no.       Rolled back: the callers are told at once, and the next try is on a schedule.
//   The connection is gone.   New appends are refused at once; readers wait; the node serves from memory.
//   Another server answers.   The batch at our position must be the one we know, by id and checksum. If not,
//                             JournalRefusal.Diverged: this node applied what the others never will.
//   We were away too long.    Our next entry was trimmed: JournalRefusal.EntriesMissing.
//   A notification is lost.   The end is asked for every PollEvery: it costs time, never an entry.
//   A snapshot is damaged.    The one before it is read, and the entries after that (PostgresSnapshots).
//
// After a refusal nothing goes on but by opening the journal anew and loading the state from its snapshot.

/// <summary>The journal in a PostgreSQL database that several nodes share.</summary>
public sealed class PostgresJournal : IJournal
{
    private readonly Database _database;
    private readonly PostgresJournalOptions _options;
    private readonly TimeProvider _time;
    private readonly LiveTail<BatchSpot> _tail;
    private readonly AppendQueue _queue;
    private readonly BatchOrder _order;
    private readonly JournalProgress _progress;
    private readonly PostgresSnapshots _snapshots;
    private readonly SharedQuestion<long> _lastPosition;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _listening;
    private bool _isDisposed;

    private PostgresJournal(
        Database database,
        PostgresJournalOptions options,
        JournalStart start,
        Func<JournalClock> clock,
        TimeProvider time,
        ILogger logger
    )
    {
        (_database, _options, _time) = (database, options, time);
        var position = start.Tip.Last;
        _tail = new LiveTail<BatchSpot>(options.TailBytesMax, position);
        _queue = new AppendQueue(options.AppendsWaitingMax, options.AppendsWaitingBytesMax);
        _progress = new JournalProgress(time, position) { Ahead = start.Tip.Now - Instant.From(time.GetUtcNow()) };
        _order = new BatchOrder(database.Where, _tail, start.Ids, position, start.Mark);
        _snapshots = new PostgresSnapshots(database, () => _order.Mark, options, logger);
        _lastPosition = new SharedQuestion<long>(AskLastAsync);
        var writer = new PostgresWriter(
            database,
            options,
            _queue,
            _tail,
            start.Ids,
            _order,
            _progress,
            clock,
            time,
            logger
        );
        writer.Open();
        new Thread(() => Run(writer)) { IsBackground = true, Name = "journal" }.Start();
        var listener = new PostgresListener(database, options, _progress, time, _queue.Retry, logger);
        _listening = Task.Run(() => listener.RunAsync(_stop.Token));
    }

    /// <inheritdoc />
    public long LastPosition => _tail.Durable;

    /// <inheritdoc />
    public string? Fault => _queue.Fault;

    /// <inheritdoc />
    public JournalLag Lag => _progress.Lag;

    /// <summary>This node, as its batches name it.</summary>
    public Guid Node => _options.Node;

    /// <summary>How far the database's clock is ahead of this machine's, as found lately; may be negative.</summary>
    public TimeSpan ClockAhead => _progress.Ahead;

    /// <summary>Opens the journal. The database stays the caller's.</summary>
    /// <param name="database">Where it is.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="clock">What is added to the database's clock at the moment.</param>
    /// <param name="time">For retries, polls and limits; entries are stamped by the database.</param>
    /// <param name="logger">Outages and their end.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="JournalRefusedException">The operator has to look at it; says what to do.</exception>
    /// <exception cref="JournalUnavailableException">The database cannot be used; try again later.</exception>
    public static async Task<PostgresJournal> OpenAsync(
        Database database,
        PostgresJournalOptions options,
        Func<JournalClock> clock,
        TimeProvider time,
        ILogger<PostgresJournal> logger,
        CancellationToken cancel
    )
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        try
        {
            var start = await JournalStart.FindAsync(database, options, clock(), cancel);
            return new PostgresJournal(database, options, start, clock, time, logger);
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            throw DatabaseFailure.Unavailable(database.Where, e);
        }
    }

    /// <summary>The oldest entry that can be read, with everything after it; it may be one that is still to come.</summary>
    /// <exception cref="JournalUnavailableException">The database cannot be used; try again later.</exception>
    public ValueTask<long> FindFirstPositionAsync(CancellationToken cancel) => AskAsync(BatchRows.First, cancel);

    /// <inheritdoc />
    public async ValueTask<long> FindLastPositionAsync(CancellationToken cancel) =>
        await _lastPosition.AskAsync().WaitAsync(cancel);

    /// <inheritdoc />
    public async ValueTask<JournalSnapshot?> OpenSnapshotAsync(CancellationToken cancel)
    {
        try
        {
            return await _snapshots.OpenNewestAsync(cancel);
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            throw DatabaseFailure.Unavailable(_database.Where, e);
        }
    }

    /// <inheritdoc />
    public IAsyncEnumerable<IReadOnlyList<Entry>> ReadAsync(long position, CancellationToken cancel) =>
        Follower.ReadAsync(
            _tail,
            new PostgresCursor(_database, () => _order.Mark, position, _options.RetryMax, _time, _stop.Token),
            position,
            cancel
        );

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
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        try
        {
            await _snapshots.WriteAsync(position, at, write, cancel);
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            throw new JournalUnavailableException($"The snapshot was not written: {e.Message}", e);
        }
    }

    /// <summary>Writes what waits, then stops; readers get what is durable and end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _queue.Close();
        await _stopped.Task;
        await _stop.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// The end, from a server that holds what this node has read. Another one, which the writer has not met yet, would make
    /// a node that must load the state anew take on work by its old state.
    /// </summary>
    private async Task<long> AskLastAsync()
    {
        try
        {
            var known = _order.Mark;
            await using var connection = await _database.Source.OpenConnectionAsync();
            var (last, holds) = await BatchRows.AskTipAsync(connection, known, CancellationToken.None);
            if (holds)
            {
                return last;
            }
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            throw DatabaseFailure.Unavailable(_database.Where, e);
        }

        _progress.Doubt();
        _queue.Retry();
        throw new JournalUnavailableException(PostgresRefusals.Diverged(_database.Where, LastPosition).Message);
    }

    private async ValueTask<long> AskAsync(string question, CancellationToken cancel)
    {
        try
        {
            await using var command = _database.Source.CreateCommand(question);
            return await command.ExecuteScalarAsync(cancel) as long? ?? 0;
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            throw DatabaseFailure.Unavailable(_database.Where, e);
        }
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

    private void Run(PostgresWriter writer)
    {
        writer.Run();
        writer.Dispose();
        _tail.Close();
        _stopped.SetResult();
    }
}
