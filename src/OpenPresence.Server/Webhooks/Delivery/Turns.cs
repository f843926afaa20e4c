using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Whose turn it is: receivers with work, first come first served, and those that wait for a time. A receiver is
/// in here once at most.
/// </summary>
internal sealed class Turns
{
    private readonly Queue<Receiver> ready = new();
    private readonly PriorityQueue<Receiver, long> waiting = new();

    /// <summary>When the next of those that wait is due; null: none waits.</summary>
    public Instant? NextAt => waiting.TryPeek(out _, out var ticks) ? new Instant(ticks) : null;

    /// <summary>Plans a turn as soon as the receiver may be sent to, unless one is planned or a POST is under way.</summary>
    public void Plan(Receiver receiver, Instant now)
    {
        if (receiver.IsScheduled || receiver.IsPosting || !receiver.HasWork)
        {
            return;
        }
        receiver.IsScheduled = true;
        if (receiver.NotBefore <= now)
        {
            ready.Enqueue(receiver);
        }
        else
        {
            waiting.Enqueue(receiver, receiver.NotBefore.Ticks);
        }
    }

    /// <summary>How many turns there are now.</summary>
    public int CountReady(Instant now)
    {
        while (waiting.TryPeek(out _, out var ticks) && ticks <= now.Ticks)
        {
            ready.Enqueue(waiting.Dequeue());
        }
        return ready.Count;
    }

    /// <summary>The receiver whose turn it is; only when there is one.</summary>
    public Receiver Next()
    {
        var receiver = ready.Dequeue();
        receiver.IsScheduled = false;
        return receiver;
    }
}
