using System.Diagnostics;
using OpenPresence.Server.Board;

namespace OpenPresence.Bench.Board;

/// <summary>
/// What a snapshot costs who writes meanwhile: the longest that taking the cut, or the first write to a
/// chunk after it, keeps the writer; and the chunks that were copied.
/// </summary>
internal static class SnapshotBench
{
    public static IReadOnlyList<BenchResult> Run(int people, int rounds)
    {
        var (state, entries) = BoardEntries.Fill(people, people);
        var random = new Random(1);
        var stalls = new List<double>();
        var copied = 0L;
        for (var round = 0; round < rounds; round++)
        {
            var before = state.Board.Rows.ChunksCopied;
            stalls.Add(Measure(state, entries, random, people, round).TotalMilliseconds);
            copied = Math.Max(copied, state.Board.Rows.ChunksCopied - before);
        }
        stalls.Sort();
        const double MegaByte = 1 << 20;
        var copiedMb = copied * CowTable<PersonRow>.ChunkEntries * 64 / MegaByte;
        return
        [
            new BenchResult("snapshot-stall", stalls[stalls.Count / 2], "ms", null, null),
            new BenchResult("snapshot-copied", copiedMb, "MB", null, null),
        ];
    }

    private static TimeSpan Measure(
        NodeState state,
        BoardEntries entries,
        Random random,
        int people,
        int round
    )
    {
        var begun = Stopwatch.GetTimestamp();
        var cut = state.TakeCut();
        var longest = Stopwatch.GetElapsedTime(begun);
        var writing = Task.Run(() =>
        {
            using (cut)
            {
                cut.WriteTo(Stream.Null, CancellationToken.None);
            }
        });
        while (!writing.IsCompleted)
        {
            var payload = BoardEntries.SessionPayload(random.Next(people), round);
            begun = Stopwatch.GetTimestamp();
            state.Apply(entries.Next(payload));
            var took = Stopwatch.GetElapsedTime(begun);
            longest = took > longest ? took : longest;
        }
        return longest;
    }
}
