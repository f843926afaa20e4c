using System.Threading.Tasks.Sources;

namespace OpenPresence.Server.Board;

/// <summary>
/// A caller that waits until its entry is applied on this node. The apply loop finds it as the entry's
/// companion and fills in the result; a batch of callers is then released from a few work items of the
/// thread pool, so that releasing never delays applying.
/// </summary>
public sealed class PendingEntry : IValueTaskSource<EntryResult>
{
    private ManualResetValueTaskSourceCore<EntryResult> core;
    private EntryResult result;

    /// <summary>Ends when the entry is applied.</summary>
    public ValueTask<EntryResult> Applied => new(this, core.Version);

    /// <summary>Remembers what became of the entry; nobody is released yet.</summary>
    public void Fill(EntryResult applied) => result = applied;

    /// <summary>Releases the caller, on this thread.</summary>
    public void Release() => core.SetResult(result);

    /// <summary>Releases the caller with a failure, on this thread.</summary>
    public void Fail(Exception failure) => core.SetException(failure);

    EntryResult IValueTaskSource<EntryResult>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<EntryResult>.GetStatus(short token) =>
        core.GetStatus(token);

    void IValueTaskSource<EntryResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);
}

/// <summary>Releases some callers of one batch, in order, on a thread of the pool.</summary>
internal sealed class Release(PendingEntry[] callers) : IThreadPoolWorkItem
{
    /// <summary>Callers in one work item: enough to make queueing cheap, few enough to use all cores.</summary>
    public const int CallersMax = 32;

    public void Execute()
    {
        foreach (var caller in callers)
        {
            caller.Release();
        }
    }

    /// <summary>Queues the release of all, in a few items.</summary>
    public static void Queue(List<PendingEntry> callers)
    {
        for (var from = 0; from < callers.Count; from += CallersMax)
        {
            var count = Math.Min(CallersMax, callers.Count - from);
            ThreadPool.UnsafeQueueUserWorkItem(
                new Release(callers.GetRange(from, count).ToArray()),
                preferLocal: false
            );
        }
    }
}
