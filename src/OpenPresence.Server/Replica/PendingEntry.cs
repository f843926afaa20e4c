using System.Threading.Tasks.Sources;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Replica;

/// <summary>
/// A caller that waits until its entry is applied on this node. The apply loop finds it as the entry's
/// companion and fills in the result; the callers of a batch are then released from a few work items of the
/// thread pool, so that releasing never delays applying.
/// </summary>
public sealed class PendingEntry : IAppender, IValueTaskSource<EntryResult>
{
    /// <summary>Kept for use again, by each thread: more than it ever has to do in one go.</summary>
    private const int SparesMax = 256;

    [ThreadStatic]
    private static Stack<PendingEntry>? spares;

    private ManualResetValueTaskSourceCore<EntryResult> core;
    private EntryResult result;
    private NodeStoppedException? refusal;

    private PendingEntry() { }

    /// <summary>Ends when the entry is applied; throws what kept it from being appended or applied.</summary>
    public ValueTask<EntryResult> Applied => new(this, core.Version);

    /// <summary>One that no caller waits for yet.</summary>
    public static PendingEntry Rent() => (spares ??= new()).TryPop(out var spare) ? spare : new PendingEntry();

    /// <summary>Remembers what became of the entry; no caller is released yet.</summary>
    public void Fill(EntryResult applied) => result = applied;

    /// <summary>Remembers why the entry is not applied.</summary>
    public void Refuse(NodeStoppedException reason) => refusal = reason;

    /// <inheritdoc />
    public void Fail(Exception failure) => core.SetException(failure);

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
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<EntryResult>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<EntryResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);

    private void Return()
    {
        core.Reset();
        (result, refusal) = (default, null);
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
