namespace OpenPresence.Server.Journal.Appending;

/// <summary>
/// The time in which nothing can be written. Tries to get out of it on a schedule that doubles from
/// <paramref name="first"/> to <paramref name="max"/> and then stays there, for ever: an operator who makes
/// space should not have to restart anything.
/// </summary>
/// <param name="first">Until the first try.</param>
/// <param name="max">Between tries at most.</param>
/// <param name="time">For the timer only; entries have their own clock.</param>
/// <param name="due">Called on any thread when it is time to try.</param>
internal sealed class Outage(TimeSpan first, TimeSpan max, TimeProvider time, Action due) : IDisposable
{
    private TimeSpan _delay;
    private ITimer? _timer;

    public bool IsOn => _delay > TimeSpan.Zero;

    /// <summary>Writing failed, or failed again; returns how long until the next try.</summary>
    public TimeSpan TryLater()
    {
        _delay = IsOn ? TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, max.Ticks)) : first;
        _timer ??= time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = _timer.Change(_delay, Timeout.InfiniteTimeSpan);
        return _delay;
    }

    public void End() => _delay = TimeSpan.Zero;

    public void Dispose() => _timer?.Dispose();
}
