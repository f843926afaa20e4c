using OpenPresence.Engine;

namespace OpenPresence.Server.Issuer;

/// <summary>
/// At most so many attempts in a window of time, by everybody together. One counter whatever
/// callers send: counters by address could be multiplied at will, and would need a bound of their
/// own.
/// </summary>
internal sealed class AttemptLimit(int attemptsMax, TimeSpan window)
{
    private readonly Lock _counting = new();
    private Instant _windowEndsAt;
    private int _count;

    /// <summary>Whether another attempt is allowed.</summary>
    public bool Allows(Instant now)
    {
        lock (_counting)
        {
            return now >= _windowEndsAt || _count < attemptsMax;
        }
    }

    /// <summary>Counts a failed attempt.</summary>
    public void Count(Instant now)
    {
        lock (_counting)
        {
            if (now >= _windowEndsAt)
            {
                _windowEndsAt = now + window;
                _count = 0;
            }

            _count++;
        }
    }
}
