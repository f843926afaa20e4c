using System.Runtime.CompilerServices;

namespace OpenPresence.Server.Journal.Following;

/// <summary>One reader's way through a journal: storage until the live tail takes over, and back if it is slow.</summary>
internal static class Follower
{
    /// <summary>All entries after a position, for ever; see <see cref="IJournal.ReadAsync"/>.</summary>
    /// <param name="tail">The newest entries.</param>
    /// <param name="cursor">The older ones; owned.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="cancel">Ends it.</param>
    public static async IAsyncEnumerable<IReadOnlyList<Entry>> ReadAsync<TSpot>(
        LiveTail<TSpot> tail,
        IStorageCursor<TSpot> cursor,
        long position,
        [EnumeratorCancellation] CancellationToken cancel
    )
        where TSpot : struct, IStorageSpot
    {
        using var owned = cursor;
        var reader = tail.Join(position);
        await using var interrupt = cancel.Register(() => tail.Interrupt(reader));
        try
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var step = tail.Next(reader);
                if (step.Batch is not null)
                {
                    cursor.MoveTo(step.End);
                    yield return step.Batch;
                }
                else if (step.StorageThrough > 0)
                {
                    var entries = await cursor.ReadAsync(step.StorageThrough, cancel);
                    if (entries.Length == 0)
                    {
                        yield break;
                    }

                    reader.Position = entries[^1].Position;
                    yield return entries;
                }
                else if (step.Closed)
                {
                    yield break;
                }
                else
                {
                    await WaitAsync(tail, reader, cancel);
                }
            }
        }
        finally
        {
            tail.Leave(reader);
        }
    }

    private static ValueTask WaitAsync<TSpot>(LiveTail<TSpot> tail, TailReader reader, CancellationToken cancel)
        where TSpot : struct, IStorageSpot
    {
        // Cancelled after the look above and before the tail knew that it waits: nobody else would wake it.
        if (cancel.IsCancellationRequested)
        {
            tail.Interrupt(reader);
        }

        return reader.Signalled;
    }
}
