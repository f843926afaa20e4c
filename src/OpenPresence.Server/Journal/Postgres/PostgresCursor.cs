using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Reads batches by position, for a reader that starts or that was slower than the tail's memory. While the database is
/// gone, it waits: what it was asked for is still durable, and the node answers from memory meanwhile.
/// </summary>
/// <param name="database">Where they are.</param>
/// <param name="mark">The newest batch of this node's history.</param>
/// <param name="position">Only entries after it are returned.</param>
/// <param name="retry">Between two tries.</param>
/// <param name="time">For the wait between them.</param>
/// <param name="stop">Cancelled: the journal was disposed of, and there are no more entries.</param>
internal sealed class PostgresCursor(
    Database database,
    Func<BatchMark?> mark,
    long position,
    TimeSpan retry,
    TimeProvider time,
    CancellationToken stop
) : IStorageCursor<BatchSpot>
{
    // A batch can be 1 MiB or a single entry of 100 bytes: as many rows as are worth a round trip.
    private const int RowsMin = 8;
    private const int RowsMax = 4096;
    private const int AnswerBytes = 2 << 20;

    // Many small batches are handed on together; below what the large object heap takes.
    private const int EntriesMax = 512;

    private readonly Queue<Entry[]> _ready = new();
    private long _position = position;
    private int _rows = 64;

    /// <inheritdoc />
    public async ValueTask<Entry[]> ReadAsync(long through, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop);
        try
        {
            while (_ready.Count == 0)
            {
                await TryFetchAsync(through, either.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return [];
        }

        return _ready.Dequeue();
    }

    /// <inheritdoc />
    public void MoveTo(BatchSpot spot)
    {
        _ready.Clear();
        _position = spot.Position;
    }

    /// <inheritdoc />
    public void Dispose() { }

    private async Task TryFetchAsync(long through, CancellationToken cancel)
    {
        try
        {
            await FetchAsync(through, cancel);
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            await Task.Delay(retry, time, cancel);
        }
    }

    private async Task FetchAsync(long through, CancellationToken cancel)
    {
        var known = mark();
        await using var command = database.Source.CreateCommand(BatchRows.AfterWithMark);
        command.Parameters.Add(BatchRows.Long(_position));
        command.Parameters.Add(BatchRows.Long(through));
        command.Parameters.Add(BatchRows.Long(_rows));
        command.Parameters.Add(BatchRows.Long(known?.Last ?? 0));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var (count, bytes) = (0, 0L);
        var entries = new List<Entry>();
        // One statement sees one moment: when the newest batch that this node knows is there, so is all before it.
        while (await rows.ReadAsync(cancel) && BatchRows.Read(rows) is var batch)
        {
            if (known is not null && rows[6] as Guid? != known.Id)
            {
                throw PostgresRefusals.Diverged(database.Where, known.Last);
            }

            Add(batch, entries);
            (count, bytes) = (count + 1, bytes + batch.Entries.Length);
        }

        if (count == 0)
        {
            throw PostgresRefusals.EntriesMissing(_position, null);
        }

        Hand(entries);

        _rows = (int)Math.Clamp(AnswerBytes / Math.Max(bytes / count, 1), RowsMin, RowsMax);
    }

    private void Add(in StoredBatch batch, List<Entry> entries)
    {
        if (batch.First > _position + 1)
        {
            throw PostgresRefusals.EntriesMissing(_position, batch.First);
        }

        // The reader may begin in the midst of a batch.
        entries.AddRange(BatchCodec.Read(batch).AsSpan((int)(_position + 1 - batch.First)));
        _position = batch.Last;
        if (entries.Count >= EntriesMax)
        {
            Hand(entries);
        }
    }

    private void Hand(List<Entry> entries)
    {
        if (entries.Count > 0)
        {
            _ready.Enqueue([.. entries]);
            entries.Clear();
        }
    }
}
