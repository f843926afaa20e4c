using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Board;

/// <summary>
/// A caller that waits until its entry is applied on this node. The apply loop finds it as the entry's
/// companion and fills in the result; the callers of a batch are then released from a few work items of the
/// thread pool, so that releasing never delays applying.
/// </summary>
/// <remarks>
/// The caller is woken once: applied entries are durable, so the journal's own answer is awaited only for its
/// failures. The two come in either order, and whichever is the last to be done with this object puts it back
/// for the next caller.
/// </remarks>
public sealed class PendingEntry : IValueTaskSource<EntryResult>
{
    /// <summary>Kept for use again, by each thread: more than it ever has to do in one go.</summary>
    private const int SparesMax = 256;

    [ThreadStatic]
    private static Stack<PendingEntry>? spares;

    private readonly Action appended;
    private ManualResetValueTaskSourceCore<EntryResult> core;
    private ConfiguredValueTaskAwaitable<Appended>.ConfiguredValueTaskAwaiter append;
    private EntryResult result;
    private NodeStoppedException? refusal;
    private int users;

    private PendingEntry() => appended = OnAppended;

    /// <summary>One that nobody waits for yet.</summary>
    public static PendingEntry Rent()
    {
        var pending = (spares ??= new()).TryPop(out var spare) ? spare : new PendingEntry();
        pending.users = 2; // the caller, and the journal's answer
        return pending;
    }

    /// <summary>Ends when the entry is applied; throws what kept it from being appended or applied.</summary>
    public ValueTask<EntryResult> WaitAsync(ValueTask<Appended> appending)
    {
        var applied = new ValueTask<EntryResult>(this, core.Version);
        append = appending.ConfigureAwait(false).GetAwaiter();
        if (append.IsCompleted)
        {
            OnAppended();
        }
        else
        {
            append.UnsafeOnCompleted(appended);
        }
        return applied;
    }

    /// <summary>Remembers what became of the entry; nobody is released yet.</summary>
    public void Fill(EntryResult applied) => result = applied;

    /// <summary>Remembers why the entry is not applied.</summary>
    public void Refuse(NodeStoppedException reason) => refusal = reason;

    /// <summary>Releases the caller, on this thread.</summary>
    public void Release()
    {
        if (refusal is { } reason)
        {
            core.SetException(reason);
        }
        else
        {
            core.SetResult(result);
        }
    }

    EntryResult IValueTaskSource<EntryResult>.GetResult(short token)
    {
        try
        {
            return core.GetResult(token);
        }
        finally
        {
            Leave();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<EntryResult>.GetStatus(short token) =>
        core.GetStatus(token);

    void IValueTaskSource<EntryResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);

    private void OnAppended()
    {
        try
        {
            if (append.GetResult().Repeated)
            {
                core.SetException(new InvalidOperationException("A command id was used twice."));
            }
        }
        catch (Exception failure)
        {
            core.SetException(failure); // whatever it is, it is the caller's to see
        }
        Leave();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref users) > 0)
        {
            return;
        }
        core.Reset();
        (append, result, refusal) = (default, default, null);
        if ((spares ??= new()).Count < SparesMax)
        {
            spares.Push(this);
        }
    }
}

/// <summary>Releases some callers of one batch, in order, on a thread of the pool.</summary>
internal sealed class Release(PendingEntry[] callers, int first) : IThreadPoolWorkItem
{
    /// <summary>Callers in one work item: enough to make queueing cheap, few enough to use all cores.</summary>
    public const int CallersMax = 32;

    public void Execute()
    {
        var end = Math.Min(first + CallersMax, callers.Length);
        for (var caller = first; caller < end; caller++)
        {
            callers[caller].Release();
        }
    }

    /// <summary>Queues the release of all, in a few items.</summary>
    public static void Queue(List<PendingEntry> callers)
    {
        if (callers.Count == 0)
        {
            return;
        }
        var all = callers.ToArray();
        for (var first = 0; first < all.Length; first += CallersMax)
        {
            ThreadPool.UnsafeQueueUserWorkItem(new Release(all, first), preferLocal: false);
        }
    }
}
