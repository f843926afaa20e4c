using System.Diagnostics;

namespace OpenPresence.Bench.Journal;

/// <summary>Concurrent callers, each with one append under way at any time.</summary>
internal static class Callers
{
    private const int PayloadBytes = 64;

    /// <summary>Appends per second.</summary>
    public static async Task<double> RunAsync(IAppendTarget target, int callers, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(
            Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(target, clock, duration)))
        );
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<long> CallAsync(IAppendTarget target, Stopwatch clock, TimeSpan duration)
    {
        var payload = new byte[PayloadBytes];
        // Never the same in another process or turn: an id that is known is not appended again.
        var ids = new Random();
        var id = new byte[16];
        var count = 0L;
        while (clock.Elapsed < duration)
        {
            ids.NextBytes(id);
            await target.AppendAsync(new Guid(id), payload);
            count++;
        }

        return count;
    }
}
