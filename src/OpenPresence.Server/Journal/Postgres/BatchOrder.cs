using System.Runtime.InteropServices;
using OpenPresence.Engine;
using OpenPresence.Server.Journal.Appending;
using OpenPresence.Server.Journal.Following;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// How far this node has read: the one place where batches, its own and others', come to the readers, each exactly
/// behind the one before. What was taken in is shown together, so that a reader wakes once for it. Belongs to the writer.
/// </summary>
internal sealed class BatchOrder(
    string where,
    LiveTail<BatchSpot> tail,
    CommandIdWindow ids,
    long position,
    BatchMark? mark
)
{
    private const int BatchMax = AppendQueue.BatchEntriesMax;

    private readonly List<TailBatch<BatchSpot>> _hidden = [];
    private BatchMark? _mark = mark;

    /// <summary>The last position that was read.</summary>
    public long Position { get; private set; } = position;

    /// <summary>The batch that ends there; null: only a snapshot is known. Safe for any thread.</summary>
    public BatchMark? Mark => Volatile.Read(ref _mark);

    /// <summary>Takes in a batch of another node, or one of this node that no caller waits for any more.</summary>
    /// <exception cref="JournalRefusedException">It does not follow, or is damaged.</exception>
    public void Take(in StoredBatch batch)
    {
        if (batch.First != Position + 1)
        {
            throw batch.First > Position + 1
                ? PostgresRefusals.EntriesMissing(Position, batch.First)
                : PostgresRefusals.Diverged(where, Position);
        }

        var entries = BatchCodec.Read(batch);
        Claim(entries);
        Add(OwnBatch.TailOf(entries, batch.Entries.Length, companions: false), batch.Mark);
    }

    /// <summary>Takes in a batch of this node, at the place that the database gave it.</summary>
    /// <exception cref="JournalRefusedException">It stands where this node has read something else.</exception>
    public void Take(OwnBatch batch, long first, Instant at, bool isClaimed)
    {
        if (first != Position + 1)
        {
            throw PostgresRefusals.Diverged(where, Position);
        }

        var placed = batch.PlacedAt(first, at);
        if (!isClaimed)
        {
            Claim(batch.Entries);
        }

        Add(placed, new BatchMark(placed.Last, batch.Id, batch.Checksum));
    }

    /// <summary>Shows the readers what was taken in.</summary>
    public void Show()
    {
        if (_hidden.Count > 0)
        {
            tail.Publish(CollectionsMarshal.AsSpan(_hidden));
            _hidden.Clear();
        }
    }

    /// <summary>
    /// Whether the batch that was found at or behind the position is the one that this node knows there.
    /// </summary>
    /// <param name="found">The first batch that ends at the position or later; null: none does.</param>
    /// <param name="tip">The end of the journal.</param>
    public void Compare(StoredBatch? found, JournalTip tip)
    {
        if (tip.Last < Position)
        {
            throw PostgresRefusals.Diverged(where, Position);
        }

        var isBehind = found is { } batch && batch.First > Position;
        if (isBehind && found!.Value.First > Position + 1)
        {
            throw PostgresRefusals.EntriesMissing(Position, found.Value.First);
        }

        // Trimmed exactly through here, there is nothing left to compare with: so long ago that a snapshot is nearer.
        if (_mark is { } mark && isBehind)
        {
            throw PostgresRefusals.EntriesMissing(mark.Last, found!.Value.First);
        }

        if (!isBehind && found?.Mark != _mark)
        {
            throw PostgresRefusals.Diverged(where, Position);
        }
    }

    private void Claim(Entry[] entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (i % BatchMax == 0)
            {
                ids.Confirm();
                for (var ahead = i; ahead < Math.Min(i + BatchMax, entries.Length); ahead++)
                {
                    ids.Prefetch(entries[ahead].CommandId);
                }
            }

            // Two nodes may have appended an id at the same time, before either could know; the first one is kept.
            _ = ids.TryClaim(entries[i].CommandId, entries[i].Position, out _);
        }
    }

    private void Add(TailBatch<BatchSpot> batch, BatchMark mark)
    {
        ids.Confirm();
        Position = batch.Last;
        Volatile.Write(ref _mark, mark);
        _hidden.Add(batch);
    }
}
