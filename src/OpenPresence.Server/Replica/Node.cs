using System.Runtime.ExceptionServices;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Replica;

/// <summary>
/// Joins the journal and the state. What changes state goes to the journal first; the apply loop takes the
/// durable entries in order and applies them; the caller is answered after both, so an acknowledged write is
/// durable and visible here. The same loop serves a restart: snapshot, the entries after it, then the live
/// tail.
/// </summary>
/// <remarks>
/// The state has one writer, whoever holds the loop's gate: nearly always the loop itself, for a batch; for
/// moments somebody who takes a cut, or looks for the next deadline. Readers never need it.
/// </remarks>
public sealed class Node : IAsyncDisposable
{
    private readonly IJournal journal;
    private readonly NodeSettings settings;
    private readonly ApplyLoop loop;
    private readonly NodeSnapshots snapshots;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private Task ticking = Task.CompletedTask;
    private IDuties duties = new AllDuties();
    private bool isStarted;

    private Node(IJournal journal, NodeState state, NodeSettings settings, ILogger log)
    {
        (this.journal, this.settings, this.log, State) = (journal, settings, log, state);
        snapshots = new NodeSnapshots(journal, state, log);
        loop = new ApplyLoop(journal, state, log) { Applied = SnapshotIfLong };
    }

    /// <summary>What the node knows. Reads are free; only the apply loop writes.</summary>
    public NodeState State { get; }

    /// <summary>Ends when the node stopped; faulted with the reason if it could not go on.</summary>
    public Task Stopped => loop.Stopped;

    /// <summary>Null while all is well; otherwise a sentence for /health/ready.</summary>
    public string? Fault => loop.Fault ?? journal.Fault;

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
        var node = new Node(journal, new NodeState(clock), settings, log);
        try
        {
            settings.Reading?.Invoke(() => node.State.Position, journal.LastPosition);
            await node.snapshots.LoadAsync(cancel);
            await node.loop.StartAsync(cancel);
            node.GiveBack();
            // Of entries from before this start somebody else has told, and nobody asks any more.
            node.loop.Between(() => node.State.HashWanted = node.Hash);
            node.isStarted = true;
            return node;
        }
        catch (Exception failure)
        {
            await node.DisposeAsync();
            // What kept an entry from being read or applied says more to who starts a server.
            ExceptionDispatchInfo.Throw((failure as NodeStoppedException)?.InnerException ?? failure);
            throw;
        }
    }

    /// <summary>Where the hashes that an entry asks for go; null: to the log.</summary>
    public Func<StateHash, CancellationToken, Task>? HashTold { get; set; }

    /// <summary>
    /// Begins to append a tick whenever a deadline is due and nothing else comes, and newer rules once every node knows
    /// them; as long as that is this node's duty.
    /// </summary>
    public void StartTicking(TimeProvider time, IDuties held)
    {
        duties = held;
        ticking = TickAsync(time);
    }

    /// <summary>Makes a command to a person's presence durable and applies it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; nothing changed.</exception>
    public ValueTask<EntryResult> ExecuteAsync(Guid personId, PresenceCommand command) =>
        AppendAsync(EntryPayload.Of(personId, command));

    /// <summary>Makes a change of the directory durable and applies it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; nothing changed.</exception>
    public ValueTask<EntryResult> ExecuteAsync(DirectoryChange change) => AppendAsync(EntryPayload.Of(change));

    /// <summary>Makes a change of subscriptions durable and applies it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; nothing changed.</exception>
    public ValueTask<EntryResult> ExecuteAsync(SubscriptionChange change) => AppendAsync(EntryPayload.Of(change));

    /// <summary>Makes any payload durable and applies it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; nothing changed.</exception>
    public ValueTask<EntryResult> AppendAsync(ReadOnlyMemory<byte> payload)
    {
        loop.ThrowIfStopped();
        var pending = PendingEntry.Rent();
        // 9. The journal orders the entry, stamps it and flushes it with its neighbours.
        var applied = pending.Applied;
        journal.Append(RequestId.Next(), payload, pending);
        return applied;
    }

    /// <summary>
    /// True once everything up to a position is applied here; false: too many wait for that already. How long to wait is
    /// the caller's to say.
    /// </summary>
    /// <exception cref="JournalUnavailableException">No more entries are applied.</exception>
    public Task<bool> ReachAsync(long position, CancellationToken cancel) => loop.ReachAsync(position, cancel);

    /// <summary>
    /// True once everything is applied here that any node had appended when this was called; false: too many wait for
    /// that already. How long to wait is the caller's to say.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The journal cannot be asked, or no more entries are applied.</exception>
    public async ValueTask<bool> CatchUpAsync(CancellationToken cancel)
    {
        var newest = await journal.FindLastPositionAsync(cancel);
        return State.Position >= newest || await ReachAsync(newest, cancel);
    }

    /// <summary>
    /// Looks at the state between two batches, for rare questions that only the writer can answer; the writer waits
    /// meanwhile, so it must be short.
    /// </summary>
    /// <exception cref="JournalUnavailableException">No more entries are applied.</exception>
    public T Between<T>(Func<NodeState, T> look) => loop.Between(() => look(State));

    /// <summary>Appends a tick if a deadline is due by the clock; false: none is.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; time stands still.</exception>
    public async ValueTask<bool> TickIfDueAsync()
    {
        var now = State.Clock.Now;
        if (now < loop.DueBound || loop.NextDueAt() is not { } due || due > now)
        {
            return false;
        }
        await AppendAsync(EntryPayload.Tick);
        return true;
    }

    /// <summary>Puts newer rules in force, once every node knows them; false: there are none.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored; the rules stay.</exception>
    public async ValueTask<bool> ActivateRulesIfKnownAsync()
    {
        var version = duties.RulesKnown;
        if (version <= State.Board.Rules.Version)
        {
            return false;
        }
        await AppendAsync(EntryPayload.ActivateRules(version));
        return true;
    }

    /// <summary>Stores the state as it is now, so that the next start has nothing to apply before it.</summary>
    /// <exception cref="JournalUnavailableException">It could not be stored.</exception>
    public async Task SnapshotAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (writing, isOurs) = loop.Between(BeginOrJoin);
            await writing.WaitAsync(cancel);
            if (isOurs)
            {
                return;
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        loop.Stop();
        await stop.CancelAsync();
        foreach (var task in new[] { ticking, snapshots.Running })
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // Never of a state that was left half-way.
        if (isStarted && loop.Fault is null && snapshots.EntriesSinceStored >= settings.SnapshotAtStopEntries)
        {
            await snapshots.TryWriteAsync(CancellationToken.None);
        }
        stop.Dispose();
    }

    /// <summary>
    /// Reading a snapshot and the entries after it leaves ten megabytes and more of what was used once, which a server
    /// that is only read from would hold for hours. The collector has hardly anything to look at, so this takes
    /// 20 ms.
    /// </summary>
    private void GiveBack()
    {
        if (State.Board.People >= NodeSettings.GiveBackPeopleMin)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private (Task Writing, bool IsOurs) BeginOrJoin() =>
        State.Position == 0 || snapshots.EntriesSinceStored == 0 ? (Task.CompletedTask, true)
        : snapshots.Running.IsCompleted ? (snapshots.Begin(stop.Token), true)
        : (snapshots.Running, false);

    private void Hash() => snapshots.BeginHash(HashTold ?? LogAsync, stop.Token);

    private Task LogAsync(StateHash hash, CancellationToken cancel)
    {
        log.LogInformation("The state at {Position} has the hash {Hash}.", hash.Position, hash.Text);
        return Task.CompletedTask;
    }

    private void SnapshotIfLong()
    {
        if (snapshots.EntriesSinceBegun >= settings.SnapshotEveryEntries && snapshots.Running.IsCompleted)
        {
            _ = snapshots.TryWriteAsync(stop.Token);
        }
    }

    private async Task TickAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(NodeSettings.TickEvery, time);
        do
        {
            try
            {
                if (duties.Ticks)
                {
                    await TickIfDueAsync();
                    await ActivateRulesIfKnownAsync();
                }
            }
            catch (JournalUnavailableException)
            {
                // While nothing can be stored, time stands still; /health/ready says so.
            }
        } while (await timer.WaitForNextTickAsync(stop.Token));
    }
}
