using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// The subscriptions at one position of the journal, exact whatever is applied afterwards; written at leisure
/// on another thread. By id, so that two nodes that saw the same entries write the same bytes, whichever rows
/// they keep them in.
/// </summary>
public sealed class SubscriptionCut : IDisposable
{
    private readonly CowTable<SubscriptionTable.Row>.Cut rows;

    internal SubscriptionCut(CowTable<SubscriptionTable.Row>.Cut rows) => this.rows = rows;

    /// <summary>Writes the cut; the stream stays open and may go on with something else.</summary>
    public void WriteTo(Stream output, CancellationToken cancel)
    {
        var subscriptions = new List<Subscription>();
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Subscription is { } subscription)
            {
                subscriptions.Add(subscription);
            }
        }
        subscriptions.Sort((left, right) => left.Id.CompareTo(right.Id));
        var frames = new FrameWriter(output);
        foreach (var subscription in subscriptions)
        {
            cancel.ThrowIfCancellationRequested();
            SubscriptionPacking.Write(frames.Values, subscription);
            frames.FlushIfFull();
        }
        frames.End();
    }

    /// <summary>Fills a new state; takes exactly its own bytes from the stream.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static void ReadInto(SubscriptionState state, Stream input, CancellationToken cancel)
    {
        var frames = new FrameReader(input);
        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            cancel.ThrowIfCancellationRequested();
            var values = new PackedReader(frame);
            while (!values.AtEnd)
            {
                state.Restore(SubscriptionPacking.Read(ref values));
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => rows.Dispose();
}
