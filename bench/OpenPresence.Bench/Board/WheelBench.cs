using System.Diagnostics;
using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Bench.Board;

/// <summary>
/// A million sessions over five minutes of a simulated clock that ticks ten times a second: each is armed,
/// renewed once and expires. Processor seconds.
/// </summary>
internal static class WheelBench
{
    private const int Sessions = 1_000_000;
    private const int TicksPerPhase = 3_000;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);

    public static BenchResult Run(int rounds)
    {
        var seconds = Enumerable.Range(0, rounds).Select(_ => Measure()).Order().ToArray();
        return new BenchResult("wheel-1m", seconds[seconds.Length / 2] * 1e3, "CPU ms", null, null);
    }

    private static double Measure()
    {
        var now = new Instant(TimeSpan.TicksPerDay * 700_000);
        var wheel = new DeadlineWheel(now, _ => throw new UnreachableException());
        var due = new List<int>();
        var expired = 0;
        var before = Environment.CpuUsage.TotalTime;
        for (var tick = 0; expired < Sessions; tick++)
        {
            now += DeadlineWheel.SlotTime;
            if (tick < 2 * TicksPerPhase)
            {
                // Everybody once in the first five minutes, and once more in the second.
                var phase = tick % TicksPerPhase;
                var end = (int)((long)Sessions * (phase + 1) / TicksPerPhase);
                for (var i = (int)((long)Sessions * phase / TicksPerPhase); i < end; i++)
                {
                    // Rows lie in the order in which people came, not in that in which they write.
                    wheel.Arm((int)(i * 7919L % Sessions), now + Duration);
                }
            }
            while (wheel.TryTake(now, due))
            {
                expired += due.Count;
            }
        }
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
