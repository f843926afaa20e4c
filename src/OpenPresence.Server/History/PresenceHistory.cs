using System.Collections.Concurrent;
using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.History;

/// <summary>One state that a person showed, and since when.</summary>
/// <param name="At">From this instant.</param>
/// <param name="Pair">What was shown.</param>
/// <param name="Reason">Why it became different.</param>
public readonly record struct HistoryEntry(Instant At, PresencePair Pair, ChangeReason Reason);

/// <summary>
/// What people showed lately, for who asks "since when was that". Off unless a setting says how many states to keep of each
/// person, because a list of when somebody was at work is about the most personal thing that this server could
/// keep. So it lives in this node's memory alone: it is filled from the feed of changes, is in no file and no backup,
/// begins anew with every start, and when it is erased it is gone. Who must keep presence for longer, and may, has the
/// live stream to write it down from.
/// </summary>
/// <remarks>
/// An erasure is an entry of the journal, so that every node carries it out. What was passed over (the feed went on
/// faster, or memory for all histories is used up) is not hidden: an answer says since when it is complete.
/// </remarks>
public sealed class PresenceHistory : IAsyncDisposable
{
    /// <summary>States of all people together; with more, no further person's history begins. 24 bytes each, and some.</summary>
    public const int EntriesTotalMax = 4_000_000;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    private readonly PresenceBoard board;
    private readonly int entriesMax;
    private readonly TimeSpan retention;
    private readonly ConcurrentDictionary<Guid, PersonHistory> people = new();
    private readonly CancellationTokenSource stop = new();
    private readonly PeriodicTimer sweeps;
    private readonly Task running;
    private long completeSince;
    private long taken;
    private int total;

    /// <param name="board">What is followed.</param>
    /// <param name="entriesMax">States that are kept of each person.</param>
    /// <param name="retention">For how long.</param>
    /// <param name="time">For the rounds that drop what is too old.</param>
    /// <param name="log">For what must not happen.</param>
    public PresenceHistory(PresenceBoard board, int entriesMax, TimeSpan retention, TimeProvider time, ILogger log)
    {
        (this.board, this.entriesMax, this.retention) = (board, entriesMax, retention);
        completeSince = board.Now.Ticks;
        taken = board.Feed.Next;
        sweeps = new PeriodicTimer(SweepEvery, time);
        var follower = board.Feed.Follow();
        running = Task.WhenAll(GuardAsync(() => FollowAsync(follower), log), GuardAsync(SweepAsync, log));
    }

    /// <summary>Whether every change so far was taken in.</summary>
    public bool IsUpToDate => Volatile.Read(ref taken) >= board.Feed.Next;

    /// <summary>What a person showed, newest first, and since when that is all.</summary>
    public (IReadOnlyList<HistoryEntry> Entries, Instant CompleteSince) Of(Guid id, Instant now)
    {
        var oldest = now - retention;
        var since = Later(new Instant(Volatile.Read(ref completeSince)), oldest);
        if (!people.TryGetValue(id, out var history))
        {
            return ([], since);
        }
        lock (history)
        {
            var entries = history.Entries.Where(entry => entry.At >= oldest).Reverse().ToArray();
            return (entries, Later(since, history.CompleteSince));
        }
    }

    /// <summary>Forgets what a person showed up to an entry of the journal, also what is not taken in yet.</summary>
    public void Erase(Guid id, Instant now, long position)
    {
        if (people.TryRemove(id, out var history))
        {
            lock (history)
            {
                Interlocked.Add(ref total, -history.Entries.Count);
                history.Entries.Clear();
            }
        }
        // Or it would look as if nothing had been shown before.
        people[id] = new PersonHistory { CompleteSince = now, ErasedAt = position };
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        sweeps.Dispose();
        stop.Dispose();
    }

    private async Task FollowAsync(FeedFollower follower)
    {
        var changes = new Change[256];
        while (true)
        {
            await follower.WaitAsync(stop.Token);
            var count = follower.Read(changes, out var fellBehind);
            if (fellBehind)
            {
                Volatile.Write(ref completeSince, board.Now.Ticks);
            }
            foreach (ref readonly var change in changes.AsSpan(0, count))
            {
                Take(change);
            }
            Volatile.Write(ref taken, board.Feed.Next - follower.Waiting);
        }
    }

    private void Take(in Change change)
    {
        if (change.Reason == ChangeReason.Removed)
        {
            Erase(change.PersonId, change.At, 0);
            people.TryRemove(change.PersonId, out _);
            return;
        }
        if (!change.IsOfPair)
        {
            return;
        }
        if (total >= EntriesTotalMax && !people.ContainsKey(change.PersonId))
        {
            Volatile.Write(ref completeSince, change.At.Ticks);
            return;
        }
        var history = people.GetOrAdd(change.PersonId, _ => new PersonHistory());
        lock (history)
        {
            if (Sequence.Position(change.Sequence) < history.ErasedAt)
            {
                return;
            }
            if (history.Entries.Count == entriesMax)
            {
                history.CompleteSince = Later(history.CompleteSince, history.Entries.Dequeue().At);
                Interlocked.Decrement(ref total);
            }
            history.Entries.Enqueue(new HistoryEntry(change.At, change.After, change.Reason));
        }
        Interlocked.Increment(ref total);
    }

    /// <summary>Drops what is older than may be kept, also of those who never change again.</summary>
    private async Task SweepAsync()
    {
        while (await sweeps.WaitForNextTickAsync(stop.Token))
        {
            var oldest = board.Now - retention;
            foreach (var (id, history) in people)
            {
                lock (history)
                {
                    while (history.Entries.TryPeek(out var entry) && entry.At < oldest)
                    {
                        history.Entries.Dequeue();
                        Interlocked.Decrement(ref total);
                    }
                    if (history.Entries.Count == 0 && history.CompleteSince < oldest)
                    {
                        people.TryRemove(id, out _);
                    }
                }
            }
        }
    }

    private async Task GuardAsync(Func<Task> run, ILogger log)
    {
        try
        {
            await Task.Run(run);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        catch (Exception bug)
        {
            log.LogCritical(bug, "The history of presence stopped.");
        }
    }

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;

    private sealed class PersonHistory
    {
        public Queue<HistoryEntry> Entries { get; } = new();

        public Instant CompleteSince { get; set; }

        /// <summary>The position of an erasure; what came before it is not taken in any more.</summary>
        public long ErasedAt { get; init; }
    }
}
