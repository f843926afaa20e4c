using System.Threading.Tasks.Sources;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Presences;

namespace OpenPresence.Server.Streaming;

/// <summary>Whom a stream tells of, and as which schema.</summary>
/// <param name="Caller">Who opened it; null only where nobody's token can end it.</param>
/// <param name="Tenant">The tenant's number.</param>
/// <param name="Ids">The people; null: every person of the tenant.</param>
/// <param name="Schema">The members that are shown.</param>
public sealed record LiveScope(Caller Caller, ushort Tenant, Guid[]? Ids, PresenceMembers Schema);

/// <summary>
/// What waits for one open stream: a few numbers of changes, never their text. When they are too many the
/// stream is behind: it remembers only where, nothing more is put in, and it reads on from the feed by itself
/// (see <see cref="LivePump"/>). So the one who fans out never waits for it, and it costs the same however slow
/// its client is.
/// </summary>
/// <param name="scope">Whom it tells of.</param>
/// <param name="abort">Cuts the connection.</param>
public sealed class LiveStream(LiveScope scope, Action abort) : IValueTaskSource
{
    private readonly Lock gate = new();
    private long[]? mailbox;
    private int head;
    private int count;
    private Behind? behind;
    private bool isBeatDue;
    private bool isWaiting;
    private bool isWoken;
    private LiveEnd? end;
    private long stalledSince;
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };

    /// <summary>Where a stream goes on reading the feed.</summary>
    /// <param name="Number">The change to read next.</param>
    /// <param name="Place">The place of the change before it; null: to be found out.</param>
    public sealed record Behind(long Number, LivePlace? Place);

    /// <summary>Whom it tells of.</summary>
    public LiveScope Scope => scope;

    /// <summary>When it began to wait for its connection, by the clock's timestamp; 0: it does not wait.</summary>
    public long StalledSince
    {
        get => Volatile.Read(ref stalledSince);
        set => Volatile.Write(ref stalledSince, value);
    }

    /// <summary>When a sign of life was asked for last; the fan-out's.</summary>
    internal DateTimeOffset BeatAt { get; set; }

    /// <summary>Where the fan-out keeps it.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Why it ends; null: it goes on.</summary>
    public LiveEnd? Ended => Volatile.Read(ref end);

    /// <summary>Where it fell behind; null: it did not.</summary>
    public Behind? FellBehind => Volatile.Read(ref behind);

    /// <summary>Whether everything that was put in has been taken out.</summary>
    public bool IsDrained
    {
        get
        {
            lock (gate)
            {
                return count == 0 && behind is null;
            }
        }
    }

    /// <summary>Puts a change in, or remembers that it did not fit. Called by the fan-out alone.</summary>
    public void Offer(long number, LivePlace before)
    {
        lock (gate)
        {
            if (behind is not null)
            {
                return;
            }
            if (count == LiveLimits.MailboxMax)
            {
                behind = new Behind(number, before);
            }
            else
            {
                mailbox ??= new long[LiveLimits.MailboxMax];
                mailbox[(head + count++) % LiveLimits.MailboxMax] = number;
            }
        }
    }

    /// <summary>The next change that waits.</summary>
    public bool TryTake(out long number)
    {
        lock (gate)
        {
            number = 0;
            if (count == 0)
            {
                return false;
            }
            number = mailbox![head];
            head = (head + 1) % LiveLimits.MailboxMax;
            count--;
            return true;
        }
    }

    /// <summary>Nothing more is put in until <see cref="CatchUp"/>; what waits is dropped.</summary>
    public void FallBehind(Behind where)
    {
        lock (gate)
        {
            (behind, count) = (where, 0);
        }
    }

    /// <summary>The same for one that may be behind further back already; what waits stays, and comes first.</summary>
    public void FallBehindUnlessBehind(Behind where)
    {
        lock (gate)
        {
            behind ??= where;
        }
    }

    /// <summary>It has read everything; called while the fan-out stands still.</summary>
    public void CatchUp()
    {
        lock (gate)
        {
            behind = null;
        }
    }

    /// <summary>Whether a sign of life is due; asked once for each.</summary>
    public bool TakeBeat()
    {
        lock (gate)
        {
            var wasDue = isBeatDue;
            isBeatDue = false;
            return wasDue;
        }
    }

    /// <summary>Asks for a sign of life.</summary>
    public void Beat(DateTimeOffset now)
    {
        lock (gate)
        {
            isBeatDue = true;
        }
        BeatAt = now;
        Wake();
    }

    /// <summary>Ends it; the first reason counts.</summary>
    public void End(LiveEnd why)
    {
        Interlocked.CompareExchange(ref end, why, null);
        Wake();
    }

    /// <summary>Cuts the connection of a client that takes nothing.</summary>
    public void Abort()
    {
        End(LiveEnd.Gone);
        abort();
    }

    /// <summary>Lets it look at what waits.</summary>
    public void Wake()
    {
        lock (gate)
        {
            if (!isWaiting)
            {
                isWoken = true;
                return;
            }
            isWaiting = false;
        }
        core.SetResult(true);
    }

    /// <summary>Ends when it was woken since it last waited. For one at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (isWoken)
            {
                isWoken = false;
                return ValueTask.CompletedTask;
            }
            core.Reset();
            isWaiting = true;
            return new ValueTask(this, core.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);
}
