using System.Collections.Immutable;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Writes to the journal how far subscriptions have been delivered: now and then, many in one entry, and at a
/// clean stop. What a crash loses of it is told twice, never not at all. Of the dispatcher's thread alone, but for the
/// appends themselves.
/// </summary>
internal sealed class Positions(Node node, TimeProvider time, Action wake)
{
    private readonly HashSet<Watch> waiting = [];
    private Task writing = Task.CompletedTask;
    private long writtenAt = time.GetTimestamp();

    /// <summary>How long until there is something to write; null: nothing waits, or is being written.</summary>
    public TimeSpan? DueIn =>
        waiting.Count == 0 || !writing.IsCompleted ? null
        : waiting.Count >= DeliveryLimits.PositionsWaitingMax ? TimeSpan.Zero
        : DeliveryLimits.PositionsEvery - time.GetElapsedTime(writtenAt);

    /// <summary>The subscription got further.</summary>
    public void Note(Watch watch) => waiting.Add(watch);

    /// <summary>Begins to write, if it is time.</summary>
    public void WriteIfDue()
    {
        if (DueIn <= TimeSpan.Zero)
        {
            writtenAt = time.GetTimestamp();
            writing = WriteAsync(Take());
        }
    }

    /// <summary>Writes all that waits now, after what is being written already; ends when that is done, or could not be.</summary>
    public Task FlushAsync()
    {
        writing = AfterAsync(writing, Take());
        return writing;

        async Task AfterAsync(Task before, ImmutableArray<DeliveredPosition> positions)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await WriteAsync(positions);
        }
    }

    private ImmutableArray<DeliveredPosition> Take()
    {
        var taken = waiting
            .Where(watch => !watch.HasEnded)
            .Select(watch => new DeliveredPosition(watch.Subscription.Id, watch.DeliveredTo))
            .ToImmutableArray();
        waiting.Clear();
        return taken;
    }

    private async Task WriteAsync(ImmutableArray<DeliveredPosition> positions)
    {
        try
        {
            for (var i = 0; i < positions.Length; i += SubscriptionsDelivered.PositionsMax)
            {
                var count = Math.Min(SubscriptionsDelivered.PositionsMax, positions.Length - i);
                await node.ExecuteAsync(new SubscriptionsDelivered(positions.Slice(i, count)));
            }
        }
        catch (JournalUnavailableException)
        {
            // Then they are told again after a restart; while nothing can be stored, nothing changes either.
        }
        wake();
    }
}
