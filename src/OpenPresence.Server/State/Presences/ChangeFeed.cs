namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Every visible difference in order, for whoever wants to be told: subscriptions, the live stream, the page.
/// A ring in memory of fixed size. The writer puts each change in and goes on; it never waits and never asks
/// who follows. A follower that is slower than a whole ring is told that it fell behind, and from where it goes
/// on; what it missed it finds on the board, by position (<see cref="PresenceBoard.ChangedSince"/>), for it
/// cares for the state that people are in and not for those that they were in.
///
/// The tempting alternative, a channel for each follower, lets the slowest one decide between memory
/// without bound and a writer that waits.
///
/// The ring begins empty at a start and holds changes of this run only: who must not miss what happened
/// while it was away remembers a position, not a place in the ring.
/// </summary>
/// <param name="capacity">Changes that are kept; a power of two.</param>
public sealed class ChangeFeed(int capacity = ChangeFeed.ChangesKept)
{
    /// <summary>What is kept for slow followers, 3 MB: a second at 65,536 changes a second.</summary>
    public const int ChangesKept = 1 << 16;

    private readonly Change[] ring = new Change[capacity];
    private TaskCompletionSource newer = NewSignal();
    private int isAwaited;
    private long begun;
    private long told;

    /// <summary>The number of the next change, in this run.</summary>
    public long Next => Volatile.Read(ref told);

    /// <summary>The number of the oldest change that is kept.</summary>
    public long First => Math.Max(0, Next - capacity);

    /// <summary>The journal position of the state before the first change of this run.</summary>
    public long BeganAt { get; internal set; }

    /// <summary>Follows from now on. Any thread; each follower is for one.</summary>
    public FeedFollower Follow() => new(this);

    /// <summary>Writer only.</summary>
    internal void Add(in Change change)
    {
        // Two counts, so that a follower that was overtaken while it copied knows it.
        Volatile.Write(ref begun, told + 1);
        Volatile.WriteBarrier();
        ring[told & (capacity - 1)] = change;
        Volatile.Write(ref told, told + 1);
    }

    /// <summary>Wakes those who wait; called once for all changes of a batch. Writer only.</summary>
    internal void Wake()
    {
        if (Interlocked.Exchange(ref isAwaited, 0) != 0)
        {
            Interlocked.Exchange(ref newer, NewSignal()).SetResult();
        }
    }

    /// <summary>Ends once there is a change of this number.</summary>
    internal Task WaitFor(long number, CancellationToken cancel)
    {
        var signal = Volatile.Read(ref newer).Task;
        Interlocked.Exchange(ref isAwaited, 1);
        // After that, so that either this sees the change or the writer sees that somebody waits.
        return Next > number ? Task.CompletedTask : signal.WaitAsync(cancel);
    }

    /// <summary>Copies changes from a number on; false: some of them are no longer kept.</summary>
    internal bool TryCopy(long from, Span<Change> to, out int count)
    {
        count = (int)Math.Min(Next - from, to.Length);
        if (Next - from > capacity)
        {
            return false;
        }
        for (var i = 0; i < count; i++)
        {
            to[i] = ring[(from + i) & (capacity - 1)];
        }
        Volatile.ReadBarrier();
        return Volatile.Read(ref begun) - from <= capacity;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>One consumer's place in a feed. For one thread at a time.</summary>
public sealed class FeedFollower
{
    private readonly ChangeFeed feed;
    private long next;

    internal FeedFollower(ChangeFeed feed) => (this.feed, next) = (feed, feed.Next);

    /// <summary>Changes that wait to be read.</summary>
    public long Waiting => feed.Next - next;

    /// <summary>Ends once there is something to read.</summary>
    public Task WaitAsync(CancellationToken cancel) => feed.WaitFor(next, cancel);

    /// <summary>
    /// Copies the next changes and passes them; how many. <paramref name="fellBehind"/>: some were no longer
    /// kept, none is copied, and it goes on with what comes from now on. The board holds all before that.
    /// </summary>
    public int Read(Span<Change> changes, out bool fellBehind)
    {
        if (feed.TryCopy(next, changes, out var count))
        {
            next += count;
            fellBehind = false;
            return count;
        }
        next = feed.Next;
        fellBehind = true;
        return 0;
    }
}
