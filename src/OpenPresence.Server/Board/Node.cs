using OpenPresence.Engine;
using OpenPresence.Server.Directory;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Board;

/// <summary>
/// Joins the journal and the state. What changes state goes to the journal first; the apply loop, the only
/// writer of the state, takes the durable entries in order and applies them; the caller is answered after
/// both, so an acknowledged write is durable and visible here. The same loop serves a restart: snapshot,
/// the entries after it, then the live tail.
/// </summary>
/// <remarks>
/// Anything that touches the state outside the apply loop would be a second writer. That includes
/// taking a cut: it is asked for, and the loop takes it between two batches.
/// </remarks>
public sealed class Node : IAsyncDisposable
{
    private readonly IJournal journal;
    private readonly NodeSettings settings;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource caughtUp = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly List<PendingEntry> toRelease = [];
    private Task applying = Task.CompletedTask;
    private Task snapshotting = Task.CompletedTask;
    private Task ticking = Task.CompletedTask;
    private long snapshotPosition;
    private long nextDueTicks = long.MaxValue;

    private Node(IJournal journal, NodeClock clock, NodeSettings settings, ILogger log)
    {
        (this.journal, this.settings, this.log) = (journal, settings, log);
        State = new NodeState(clock);
    }

    /// <summary>What the node knows. Reads are free; only the apply loop writes.</summary>
    public NodeState State { get; }

    /// <summary>Ends when the node can go on no longer; faulted with the reason.</summary>
    public Task Stopped => applying;

    /// <summary>Null while all is well; otherwise a sentence for /health/ready.</summary>
    public string? Fault =>
        applying.IsFaulted ? "The state could not be carried on; see the log." : journal.Fault;

    /// <summary>Loads the newest snapshot and every entry after it, then follows the journal.</summary>
    /// <exception cref="InvalidDataException">The snapshot or an entry is damaged or of a newer program.</exception>
    public static async Task<Node> StartAsync(
        IJournal journal,
        NodeClock clock,
        NodeSettings settings,
        ILogger log,
        CancellationToken cancel
    )
    {
        var node = new Node(journal, clock, settings, log);
        await using (var snapshot = await journal.OpenSnapshotAsync(cancel))
        {
            if (snapshot is not null)
            {
                NodeCut.ReadInto(node.State, snapshot.Content);
                node.snapshotPosition = node.State.Position;
            }
        }
        node.PublishNextDue();
        var target = journal.LastPosition;
        if (node.State.Position >= target)
        {
            node.caughtUp.SetResult();
        }
        node.applying = Task.Run(() => node.ApplyAsync(target), CancellationToken.None);
        await Task.WhenAny(node.caughtUp.Task, node.applying).WaitAsync(cancel);
        if (node.applying.IsFaulted)
        {
            await node.applying; // throws what went wrong
        }
        return node;
    }

    /// <summary>Begins to append a tick whenever a deadline is due and nothing else comes.</summary>
    public void StartTicking(TimeProvider time) => ticking = TickAsync(time);

    /// <summary>Makes a command to a person's presence durable and applies it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; nothing changed.</exception>
    public ValueTask<EntryResult> ExecuteAsync(Guid personId, PresenceCommand command) =>
        AppendAsync(EntryPayload.Of(personId, command));

    /// <summary>Makes a change of the directory durable and applies it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; nothing changed.</exception>
    public ValueTask<EntryResult> ExecuteAsync(DirectoryChange change) =>
        AppendAsync(EntryPayload.Of(change));

    /// <summary>Makes any payload durable and applies it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; nothing changed.</exception>
    public async ValueTask<EntryResult> AppendAsync(ReadOnlyMemory<byte> payload)
    {
        var pending = new PendingEntry();
        // 9. The journal orders the entry, stamps it and flushes it with its neighbours.
        await journal.AppendAsync(Api.RequestId.Next(), payload, pending);
        return await pending.Applied;
    }

    /// <summary>Appends a tick if a deadline is due by the clock; false: none is.</summary>
    public async ValueTask<bool> TickIfDueAsync()
    {
        if (State.Clock.Now.Ticks < Volatile.Read(ref nextDueTicks))
        {
            return false;
        }
        await AppendAsync(EntryPayload.Tick);
        return true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var task in new[] { ticking, applying, snapshotting })
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        stop.Dispose();
    }

    private async Task ApplyAsync(long target)
    {
        try
        {
            await foreach (var batch in journal.ReadAsync(State.Position, stop.Token))
            {
                ApplyBatch(batch);
                if (State.Position >= target)
                {
                    caughtUp.TrySetResult();
                }
                SnapshotIfLong();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        catch (Exception failure)
        {
            log.LogCritical(failure, "the entry after position {Position} failed", State.Position);
            throw;
        }
    }

    private void ApplyBatch(IReadOnlyList<Entry> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            var result = State.Apply(entry);
            if (entry.Companion is PendingEntry pending)
            {
                pending.Fill(result);
                toRelease.Add(pending);
            }
        }
        PublishNextDue();
        // 12. Release those who wait.
        Release.Queue(toRelease);
        toRelease.Clear();
    }

    private void PublishNextDue() =>
        Volatile.Write(ref nextDueTicks, State.Board.NextDueAt?.Ticks ?? long.MaxValue);

    private void SnapshotIfLong()
    {
        if (
            State.Position - snapshotPosition < settings.SnapshotEveryEntries
            || !snapshotting.IsCompleted
        )
        {
            return;
        }
        var cut = State.TakeCut();
        snapshotPosition = cut.Position;
        snapshotting = Task.Run(() => WriteSnapshotAsync(cut), CancellationToken.None);
    }

    private async Task WriteSnapshotAsync(NodeCut cut)
    {
        using (cut)
        {
            try
            {
                await journal.WriteSnapshotAsync(
                    cut.Position,
                    cut.At,
                    (output, _) =>
                    {
                        cut.WriteTo(output);
                        return ValueTask.CompletedTask;
                    },
                    stop.Token
                );
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (JournalUnavailableException outage)
            {
                log.LogWarning(outage, "no snapshot at position {Position}", cut.Position);
            }
        }
    }

    private async Task TickAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(NodeSettings.TickEvery, time);
        while (await timer.WaitForNextTickAsync(stop.Token))
        {
            try
            {
                await TickIfDueAsync();
            }
            catch (JournalUnavailableException)
            {
                // While nothing can be stored, time stands still; /health/ready says so.
            }
        }
    }
}

/// <summary>How a node keeps its state.</summary>
/// <param name="SnapshotEveryEntries">Entries between two snapshots: what a restart reads at most.</param>
public sealed record NodeSettings(
    long SnapshotEveryEntries = NodeSettings.SnapshotEveryEntriesDefault
)
{
    /// <summary>About a second of reading at a restart.</summary>
    public const long SnapshotEveryEntriesDefault = 1_000_000;

    /// <summary>The least time between two ticks: ten a second at most.</summary>
    public static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);
}
