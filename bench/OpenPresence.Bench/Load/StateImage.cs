using System.IO.Pipelines;
using System.Security.Cryptography;
using OpenPresence.Bench.Board;
using OpenPresence.Server.Copying;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Bench.Load;

/// <summary>
/// Writes a state into an empty place as a server leaves it that was stopped: a snapshot, and an entry after it. The
/// entries before it are applied in memory; to append millions of them takes longer than most of what is measured.
/// </summary>
internal static class StateImage
{
    /// <summary>Of a snapshot that is written but not yet read.</summary>
    private const int AheadBytesMax = 1 << 20;

    /// <summary>Fills a journal's folder, which must not be there yet.</summary>
    public static async Task WriteAsync(string journalDirectory, IEnumerable<byte[]> payloads, CancellationToken cancel)
    {
        await using var target = LocalCopyTarget.Begin(journalDirectory);
        await WriteAsync(target, payloads, cancel);
    }

    /// <summary>Fills any place.</summary>
    public static async Task WriteAsync(ICopyTarget target, IEnumerable<byte[]> payloads, CancellationToken cancel)
    {
        var entries = new BoardEntries();
        var state = new NodeState(new NodeClock(TimeProvider.System));
        foreach (var payload in payloads)
        {
            state.Apply(entries.Next(payload));
        }
        using (var cut = state.TakeCut())
        {
            await WriteSnapshotAsync(target, cut, cancel);
        }
        // The mark that a seed was taken in: the server adds no demo tenant.
        var mark = EntryPayload.Seeded(SHA256.HashData("bench"u8));
        await target.WriteAsync([entries.Next(mark) with { CommandId = Guid.NewGuid() }], cancel);
        await target.CompleteAsync(cancel);
    }

    private static async Task WriteSnapshotAsync(ICopyTarget target, NodeCut cut, CancellationToken cancel)
    {
        var pipe = new Pipe(
            new PipeOptions(
                pauseWriterThreshold: AheadBytesMax,
                resumeWriterThreshold: AheadBytesMax / 2,
                useSynchronizationContext: false
            )
        );
        var writing = Task.Run(
            () =>
            {
                using var output = pipe.Writer.AsStream();
                cut.WriteTo(output, cancel);
            },
            cancel
        );
        await using var content = pipe.Reader.AsStream();
        await target.WriteSnapshotAsync(new(cut.Position, cut.At, content), cancel);
        await writing;
    }
}
