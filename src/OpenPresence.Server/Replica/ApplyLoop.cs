using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Replica;

/// <summary>
/// The writer of a node's state: takes the journal's durable entries in order, applies them, and releases the
/// callers that wait for them, batch by batch.
///
/// When an entry cannot be applied, the state stands still for good: skipping the entry would make this node
/// differ from the others, and from itself after a restart. The loop then goes on to read, but only to tell the
/// callers of what was appended meanwhile that nobody will answer them; the same after a stop. So it ends
/// when the journal does, and no caller is left waiting.
/// </summary>
internal sealed class ApplyLoop(IJournal journal, NodeState state, ILogger log)
{
    private readonly Lock gate = new();
    private readonly List<PendingEntry> toRelease = [];
    private readonly TaskCompletionSource caughtUp = NewSignal();
    private readonly TaskCompletionSource stopped = NewSignal();
    private readonly PositionWaits waits = new();
    private NodeStoppedException? ended;
    private long dueBoundTicks;

    /// <summary>Called after each batch, under the gate.</summary>
    public required Action Applied { get; init; }

    /// <summary>Ends when no more entries are applied; faulted if one could not be.</summary>
    public Task Stopped => stopped.Task;

    /// <summary>Why no more entries are applied; null: they are, or were until a clean stop.</summary>
    public string? Fault => stopped.Task.IsFaulted ? Volatile.Read(ref ended)!.Message : null;

    /// <summary>Nothing is due before this.</summary>
    public Instant DueBound => new(Volatile.Read(ref dueBoundTicks));

    /// <summary>Applies what the journal holds beyond the state; goes on with what comes then.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        PublishDueBound();
        var target = journal.LastPosition;
        _ = Task.Run(() => RunAsync(target), CancellationToken.None);
        await (await Task.WhenAny(caughtUp.Task, stopped.Task).WaitAsync(cancel));
    }

    /// <summary>True once the state is at a position; false: too many wait for one.</summary>
    /// <exception cref="JournalUnavailableException">No more entries are applied.</exception>
    public async Task<bool> ReachAsync(long position, CancellationToken cancel)
    {
        try
        {
            return await waits.WaitAsync(position, () => state.Position, cancel);
        }
        catch (NodeStoppedException reason)
        {
            throw new JournalUnavailableException(reason.Message, reason);
        }
    }

    /// <exception cref="JournalUnavailableException">No more entries are applied, so none should be appended.</exception>
    public void ThrowIfStopped()
    {
        if (Volatile.Read(ref ended) is { } reason)
        {
            throw new JournalUnavailableException(reason.Message, reason);
        }
    }

    /// <summary>No more entries are applied from now on; the state is whoever's who called.</summary>
    public void Stop()
    {
        lock (gate)
        {
            End(new NodeStoppedException("The server is stopping."), isFailure: false);
        }
    }

    /// <summary>Does something with the state between two batches; no entry is applied meanwhile.</summary>
    public T Between<T>(Func<T> act)
    {
        lock (gate)
        {
            ThrowIfStopped();
            return act();
        }
    }

    /// <summary>The next deadline, exactly; null: there is none.</summary>
    public Instant? NextDueAt() =>
        Between(() =>
        {
            var next = state.NextDueAt();
            PublishDueBound();
            return next;
        });

    private async Task RunAsync(long target)
    {
        try
        {
            CatchUp(target);
            await foreach (var batch in journal.ReadAsync(state.Position, CancellationToken.None))
            {
                ApplyOrRefuse(batch as Entry[] ?? [.. batch]);
                CatchUp(target);
            }
            Stop();
        }
        catch (Exception failure)
        {
            lock (gate)
            {
                Fail("The journal could not be read on", failure);
            }
        }
    }

    private void CatchUp(long target)
    {
        if (state.Position >= target)
        {
            caughtUp.TrySetResult();
        }
    }

    private void ApplyOrRefuse(Entry[] batch)
    {
        lock (gate)
        {
            var applied = ended is null ? Apply(batch) : 0;
            foreach (ref readonly var entry in batch.AsSpan(applied))
            {
                if (entry.Companion is PendingEntry pending)
                {
                    pending.Refuse(ended!);
                    toRelease.Add(pending);
                }
            }
            ReleaseAll();
        }
    }

    /// <summary>Applies a batch as far as it can be; how many entries that were.</summary>
    private int Apply(Entry[] batch)
    {
        for (var first = 0; first < batch.Length; first += PresenceBoard.WarmMax)
        {
            var end = Math.Min(first + PresenceBoard.WarmMax, batch.Length);
            state.Expect(batch.AsSpan(first..end));
            for (var i = first; i < end; i++)
            {
                if (!TryApply(batch[i]))
                {
                    return i;
                }
            }
            // 12. Release those who wait. What they do next goes on beside the rest of the batch.
            ReleaseAll();
        }
        PublishDueBound();
        state.Board.Feed.Wake();
        waits.Reached(state.Position);
        Applied();
        return batch.Length;
    }

    private void ReleaseAll()
    {
        Release.Queue(toRelease);
        toRelease.Clear();
    }

    private bool TryApply(in Entry entry)
    {
        try
        {
            var result = state.Apply(entry);
            if (entry.Companion is PendingEntry pending)
            {
                pending.Fill(result);
                toRelease.Add(pending);
            }
            return true;
        }
        catch (Exception failure)
        {
            Fail($"The entry at position {entry.Position} could not be applied", failure);
            return false;
        }
    }

    private void Fail(string what, Exception failure)
    {
        log.LogCritical(failure, "{What}; the state stands still.", what);
        End(new NodeStoppedException($"{what}: {failure.Message}", failure), isFailure: true);
    }

    private void End(NodeStoppedException reason, bool isFailure)
    {
        if (Interlocked.CompareExchange(ref ended, reason, null) is not null)
        {
            return;
        }
        waits.End(reason);
        if (isFailure)
        {
            stopped.SetException(reason);
        }
        else
        {
            stopped.SetResult();
        }
    }

    private void PublishDueBound() => Volatile.Write(ref dueBoundTicks, state.DueBound.Ticks);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// The node applies no more entries. An entry that was appended all the same is durable, and will be applied
/// after the next start.
/// </summary>
public sealed class NodeStoppedException(string message, Exception? inner = null) : Exception(message, inner);
