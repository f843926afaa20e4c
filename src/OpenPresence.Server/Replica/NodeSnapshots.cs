using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Replica;

/// <summary>
/// Loads a node's state from the newest snapshot, and writes others. Taking a cut is the writer's and takes a
/// moment; writing it takes its time on another thread. One at a time, and the hash of a state is one of them.
/// </summary>
internal sealed class NodeSnapshots(IJournal journal, NodeState state, ILogger log)
{
    private long storedPosition;
    private long begunPosition;

    /// <summary>Entries since the last snapshot that is stored.</summary>
    public long EntriesSinceStored => state.Position - Volatile.Read(ref storedPosition);

    /// <summary>Entries since somebody last began one, whatever became of it.</summary>
    public long EntriesSinceBegun => state.Position - begunPosition;

    /// <summary>The one that is being written, or was last.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Fills a new state; does nothing if there is no snapshot.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        await using var snapshot = await journal.OpenSnapshotAsync(cancel);
        if (snapshot is null)
        {
            return;
        }
        NodeCut.ReadInto(state, snapshot.Content, cancel);
        if (state.Position != snapshot.Position)
        {
            throw new InvalidDataException(
                $"The snapshot of position {snapshot.Position} holds the state of {state.Position}."
            );
        }
        (storedPosition, begunPosition) = (state.Position, state.Position);
    }

    /// <summary>Begins to write the state as it is now; for who holds the gate, while none is running.</summary>
    public Task Begin(CancellationToken cancel)
    {
        var cut = state.TakeCut();
        begunPosition = cut.Position;
        Running = Task.Run(() => WriteAsync(cut, cancel), CancellationToken.None);
        return Running;
    }

    /// <summary>The same for somebody who does not wait for it: an outage goes to the log.</summary>
    public async Task TryWriteAsync(CancellationToken cancel)
    {
        try
        {
            await Begin(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
        catch (JournalUnavailableException outage)
        {
            log.LogWarning(outage, "No snapshot; the next try is after as many entries again.");
        }
        catch (Exception failure)
        {
            log.LogCritical(failure, "The snapshot could not be written.");
        }
    }

    /// <summary>Hashes the state as it is now; for who holds the gate.</summary>
    public void BeginHash(Func<StateHash, CancellationToken, Task> tell, CancellationToken cancel)
    {
        // Nobody waits for the other cut: that would be the writer.
        var cut = Running.IsCompleted ? state.TakeCut() : null;
        var position = state.Position;
        var hashing = Task.Run(() => HashAsync(cut, position, tell, cancel), CancellationToken.None);
        Running = cut is null ? Running : hashing;
    }

    private async Task HashAsync(
        NodeCut? cut,
        long position,
        Func<StateHash, CancellationToken, Task> tell,
        CancellationToken cancel
    )
    {
        try
        {
            var hash = new StateHash(position, null);
            using (cut)
            {
                hash = cut is null ? hash : StateHash.Of(cut, cancel);
            }
            await tell(hash, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
        catch (Exception failure)
        {
            log.LogError(failure, "The state's hash at {Position} could not be told.", position);
        }
    }

    private async Task WriteAsync(NodeCut cut, CancellationToken cancel)
    {
        using (cut)
        {
            await journal.WriteSnapshotAsync(
                cut.Position,
                cut.At,
                (output, cancelled) =>
                {
                    cut.WriteTo(output, cancelled);
                    return ValueTask.CompletedTask;
                },
                cancel
            );
            Volatile.Write(ref storedPosition, cut.Position);
        }
    }
}
