using System.Threading.Tasks.Sources;

namespace OpenPresence.Server.Journal.Appending;

/// <summary>A caller that waits for its append; used again for another as soon as it has its answer.</summary>
internal sealed class AppendWaiter : IValueTaskSource<Appended>
{
    // Per thread, so that giving back and taking need no lock; the next append of a continuation comes
    // on the thread that just gave one back.
    private const int SparePerThreadMax = 64;

    [ThreadStatic]
    private static AppendWaiter? s_spare;

    [ThreadStatic]
    private static int s_spares;

    // Continuations run where Complete is called: AppendCompletions takes care of which thread that is.
    private ManualResetValueTaskSourceCore<Appended> _core;
    private AppendWaiter? _nextSpare;
    private Exception? _failure;

    public Appended Outcome { get; set; }

    public ValueTask<Appended> Task => new(this, _core.Version);

    public static AppendWaiter Rent()
    {
        if (s_spare is not { } waiter)
        {
            return new AppendWaiter();
        }

        s_spare = waiter._nextSpare;
        s_spares--;
        waiter._nextSpare = null;
        return waiter;
    }

    public void Fail(Exception failure) => _failure = failure;

    /// <summary>Runs the caller's continuation; the waiter must not be touched afterwards.</summary>
    public void Complete()
    {
        if (_failure is { } failure)
        {
            _core.SetException(failure);
        }
        else
        {
            _core.SetResult(Outcome);
        }
    }

    public Appended GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);

    private void Return()
    {
        _core.Reset();
        (Outcome, _failure) = (default, null);
        if (s_spares < SparePerThreadMax)
        {
            (_nextSpare, s_spare) = (s_spare, this);
            s_spares++;
        }
    }
}

/// <summary>
/// Completes the waiters of one flush on the thread pool, a few dozen to a work item.
/// </summary>
/// <remarks>
/// A work item for each would cost the writer more than the entries themselves; one for all would make the last
/// caller wait for what the first ones do next.
/// </remarks>
internal sealed class AppendCompletions : IThreadPoolWorkItem
{
    private const int WaitersPerItem = 32;

    private readonly AppendWaiter[] _waiters;
    private readonly int _first;
    private readonly int _end;

    private AppendCompletions(AppendWaiter[] waiters, int first, int end) =>
        (_waiters, _first, _end) = (waiters, first, end);

    public static void Queue(AppendWaiter[] waiters, int count)
    {
        for (var first = 0; first < count; first += WaitersPerItem)
        {
            var end = Math.Min(first + WaitersPerItem, count);
            _ = ThreadPool.UnsafeQueueUserWorkItem(new AppendCompletions(waiters, first, end), preferLocal: false);
        }
    }

    public void Execute()
    {
        for (var i = _first; i < _end; i++)
        {
            _waiters[i].Complete();
        }
    }
}
