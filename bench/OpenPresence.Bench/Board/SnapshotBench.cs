using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenPresence.Server.Board;

namespace OpenPresence.Bench.Board;

/// <summary>
/// What a snapshot costs who writes meanwhile: the longest that taking the cut, or the first write to a
/// chunk after it, keeps the writer; and the chunks that were copied. The same writes without a snapshot, in
/// turns, show what the machine itself does to such a figure.
/// </summary>
internal static class SnapshotBench
{
    private static readonly int RowBytes = Unsafe.SizeOf<PersonRow>();
    private const double MegaByte = 1 << 20;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<BenchResult> Run(int people, int rounds)
    {
        var writer = new Writer(people);
        var (stalls, calms, processor) = (
            new List<double>(),
            new List<double>(),
            new List<double>()
        );
        var copied = 0L;
        for (var round = 0; round < rounds; round++)
        {
            var calmFrom = Stopwatch.GetTimestamp();
            calms.Add(writer.Write(() => Stopwatch.GetElapsedTime(calmFrom) > Quiet).Wall);

            var before = writer.ChunksCopied;
            var stall = writer.WriteDuringSnapshot();
            stalls.Add(stall.Wall);
            processor.Add(stall.Processor);
            copied = Math.Max(copied, writer.ChunksCopied - before);
        }
        var copiedMegaBytes = copied * CowTable<PersonRow>.ChunkEntries * RowBytes / MegaByte;
        return
        [
            new("snapshot-stall", Median.Of(stalls), "ms", null, null),
            new("snapshot-stall-cpu", Median.Of(processor), "CPU ms", null, null),
            new("no-snapshot-stall", Median.Of(calms), "ms", null, null),
            new("snapshot-copied", copiedMegaBytes, "MB", null, null),
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

        public long ChunksCopied => state.Board.Rows.ChunksCopied;

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
            return new(
                Math.Max(taking.Wall, longest.Wall),
                Math.Max(taking.Processor, longest.Processor)
            );
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
