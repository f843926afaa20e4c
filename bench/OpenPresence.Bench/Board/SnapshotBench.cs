using System.Diagnostics;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Bench.Board;

/// <summary>
/// What a snapshot costs who writes meanwhile: the longest that taking the cut, or a write after it, keeps the
/// writer; and the memory of the rows that were put aside. The same writes without a snapshot, in turns, show what the
/// machine itself does to such a figure.
/// </summary>
internal static class SnapshotBench
{
    private const double MegaByte = 1 << 20;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<BenchResult> Run(int people, int rounds)
    {
        var writer = new Writer(people);
        var (stalls, calms, processor) = (new List<double>(), new List<double>(), new List<double>());
        var copied = 0L;
        for (var round = 0; round < rounds; round++)
        {
            var calmFrom = Stopwatch.GetTimestamp();
            calms.Add(writer.Write(() => Stopwatch.GetElapsedTime(calmFrom) > Quiet).Wall);

            var before = writer.BytesKept;
            var stall = writer.WriteDuringSnapshot();
            stalls.Add(stall.Wall);
            processor.Add(stall.Processor);
            copied = Math.Max(copied, writer.BytesKept - before);
        }
        return
        [
            new("snapshot-stall", Median.Of(stalls), "ms", null, null),
            new("snapshot-stall-cpu", Median.Of(processor), "CPU ms", null, null),
            new("no-snapshot-stall", Median.Of(calms), "ms", null, null),
            new("snapshot-copied", copied / MegaByte, "MB", null, null),
        ];
    }

    /// <summary>Milliseconds.</summary>
    private readonly record struct Longest(double Wall, double Processor);

    private sealed class Writer
    {
        private readonly Random random = new(1);
        private readonly int people;
        private readonly NodeState state;
        private readonly BoardEntries entries;
        private int round;

        public Writer(int people)
        {
            this.people = people;
            (state, entries) = BoardEntries.Fill(people, people);
        }

        public long BytesKept => state.Board.Rows.BytesKept;

        public Longest WriteDuringSnapshot()
        {
            round++;
            NodeCut? cut = null;
            var taking = Time(() => cut = state.TakeCut());
            var writing = Task.Run(() =>
            {
                cut!.WriteTo(Stream.Null, CancellationToken.None);
                cut.Dispose();
            });
            var longest = Write(() => writing.IsCompleted);
            return new(Math.Max(taking.Wall, longest.Wall), Math.Max(taking.Processor, longest.Processor));
        }

        public Longest Write(Func<bool> isOver)
        {
            var (wall, processor) = (0.0, 0.0);
            while (!isOver())
            {
                var payload = BoardEntries.SessionPayload(random.Next(people), round);
                var took = Time(() => state.Apply(entries.Next(payload)));
                wall = Math.Max(wall, took.Wall);
                processor = Math.Max(processor, took.Processor);
            }
            return new(wall, processor);
        }

        private static Longest Time(Action act)
        {
            var processor = ThreadClock.Milliseconds;
            var begun = Stopwatch.GetTimestamp();
            act();
            var wall = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            return new(wall, ThreadClock.Milliseconds - processor);
        }
    }
}
