using System.Threading.Tasks.Sources;

namespace OpenPresence.Server.Journal.Following;

/// <summary>
/// One reader of the live tail: how far it has come, and its way of waiting, which allocates nothing. The
/// properties belong to the tail's lock.
/// </summary>
internal sealed class TailReader : IValueTaskSource
{
    /// <summary>More readers than any node has use for.</summary>
    public const int CountMax = 64;

    // A reader's work must never run on the writer's thread.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    public long Position { get; set; }

    /// <summary>Set under the tail's lock; exactly one signal follows.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Waits for the signal that belongs to <see cref="IsWaiting"/>; awaited once each.</summary>
    public ValueTask Signalled => new(this, _core.Version);

    public void Signal() => _core.SetResult(true);

    public void GetResult(short token)
    {
        _ = _core.GetResult(token);
        _core.Reset();
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);
}
