using System.Collections.Concurrent;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Counts requests per application and tenant in windows of 30 s, as Graph's presence limit is stated
/// (presence-get, getPresencesByUserId: 1,500 in 30 s; grade D). A window begins with its first request.
/// The counters are bounded: callers are validated, but an external issuer may know any number of
/// applications. When the table is full of live windows, the newcomers share one counter.
/// </summary>
/// <remarks>
/// A sliding window would smooth the edge between two windows; Graph documents none, and a client's
/// tests are easier to write against a window that ends when Retry-After says.
/// </remarks>
public sealed class Throttle(int requestsPerWindow, TimeProvider time)
{
    public const int CountersMax = 10_000;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(Guid Application, Guid Tenant), Counter> counters = new();
    private readonly Counter shared = new();
    private readonly long windowTicks = (long)(Window.TotalSeconds * time.TimestampFrequency);

    /// <summary>Counters in use, the shared one not among them.</summary>
    public int Counters => counters.Count;

    /// <summary>Forgets every count; for a development server that begins anew.</summary>
    public void Clear() => counters.Clear();

    /// <summary>Counts one request.</summary>
    /// <returns>0 when it may pass; otherwise whole seconds until it may, 1 to 30.</returns>
    public int Count(Guid application, Guid tenant)
    {
        var now = time.GetTimestamp();
        if (!counters.TryGetValue((application, tenant), out var counter))
        {
            counter = Add((application, tenant), now);
        }
        return counter.Count(now, windowTicks, requestsPerWindow, time.TimestampFrequency);
    }

    private Counter Add((Guid, Guid) key, long now)
    {
        if (counters.Count >= CountersMax)
        {
            foreach (var (old, counter) in counters)
            {
                if (counter.IsOver(now, windowTicks))
                {
                    counters.TryRemove(old, out _);
                }
            }
        }
        return counters.Count >= CountersMax ? shared : counters.GetOrAdd(key, _ => new Counter());
    }

    private sealed class Counter
    {
        private long startedAt = long.MinValue;
        private int count;

        public bool IsOver(long now, long windowTicks) => now - Volatile.Read(ref startedAt) >= windowTicks;

        public int Count(long now, long windowTicks, int limit, long frequency)
        {
            var started = Volatile.Read(ref startedAt);
            if (started == long.MinValue || now - started >= windowTicks)
            {
                // One of the racers opens the window; the others count in it.
                if (Interlocked.CompareExchange(ref startedAt, now, started) == started)
                {
                    Volatile.Write(ref count, 0);
                }
                started = now;
            }
            if (Interlocked.Increment(ref count) <= limit)
            {
                return 0;
            }
            var left = started + windowTicks - now;
            return (int)Math.Clamp((left + frequency - 1) / frequency, 1, (int)Window.TotalSeconds);
        }
    }
}
