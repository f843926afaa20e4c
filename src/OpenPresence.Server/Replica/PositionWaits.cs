namespace OpenPresence.Server.Replica;

/// <summary>
/// Those who wait until the node has applied the journal up to a position: readers that know of another node's
/// write, a node that takes over work. The writer looks here once for each batch, which costs it nothing while
/// nobody waits.
/// </summary>
internal sealed class PositionWaits
{
    /// <summary>More at once are turned away: a caller that waits holds a connection.</summary>
    public const int WaitingMax = 10_000;

    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new();
    private Exception? ended;
    private int count;

    /// <summary>True once the position is reached; false: too many wait already.</summary>
    /// <param name="position">The position.</param>
    /// <param name="reached">How far the node is; asked on this thread.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NodeStoppedException">No more entries are applied.</exception>
    public async Task<bool> WaitAsync(long position, Func<long> reached, CancellationToken cancel)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (ended is not null)
            {
                throw ended;
            }
            if (waiting.Count == WaitingMax)
            {
                return false;
            }
            waiting.Enqueue(signal, position);
            Volatile.Write(ref count, waiting.Count);
        }
        try
        {
            // The writer moves on and then looks who waits; here it is the other way round. One of the two sees it.
            Interlocked.MemoryBarrier();
            if (reached() < position)
            {
                await signal.Task.WaitAsync(cancel);
            }
            return true;
        }
        finally
        {
            lock (gate)
            {
                waiting.Remove(signal, out _, out _);
                Volatile.Write(ref count, waiting.Count);
            }
        }
    }

    /// <summary>The node has come so far. Writer only.</summary>
    public void Reached(long position)
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref count) == 0)
        {
            return;
        }
        lock (gate)
        {
            while (waiting.TryPeek(out var signal, out var wanted) && wanted <= position)
            {
                waiting.Dequeue();
                signal.SetResult();
            }
            Volatile.Write(ref count, waiting.Count);
        }
    }

    /// <summary>The node will come no further.</summary>
    public void End(NodeStoppedException reason)
    {
        lock (gate)
        {
            ended = reason;
            while (waiting.TryDequeue(out var signal, out _))
            {
                signal.SetException(reason);
            }
            Volatile.Write(ref count, 0);
        }
    }
}
