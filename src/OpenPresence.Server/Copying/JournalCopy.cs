using OpenPresence.Server.Contracts;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Copying;

/// <summary>What a copy came to.</summary>
/// <param name="FirstPosition">The oldest entry that the journal still had; 0: it had none.</param>
/// <param name="LastPosition">The newest.</param>
/// <param name="SnapshotPosition">Of the snapshot; 0: there was none.</param>
/// <param name="State">The state that both journals come to.</param>
/// <param name="Pictures">How many lay beside it, and now lie beside the copy.</param>
public sealed record CopyResult(
    long FirstPosition,
    long LastPosition,
    long SnapshotPosition,
    StateHash State,
    int Pictures
);

/// <summary>
/// Copies a journal as it is into an empty place of either kind: the newest snapshot and every entry that is still
/// there, with its position, instant, command id and bytes. So clients that remember a sequence go on with it, and
/// a command that is repeated across the move is still known. People's pictures, which the journal names by what they
/// hold, go with it.
///
/// The copy counts when it is whole, and not before: a folder gets its name and a database its commit at the end. Then
/// it is opened as a server would open it and held against the original: each entry, and the state that all of them make.
///
/// The tempting way, to append the old entries to the new journal, would stamp them anew: sessions that ended
/// would live again, and sequences begin from 1.
/// </summary>
public static class JournalCopy
{
    /// <summary>Copies, and holds the copy against the original.</summary>
    /// <exception cref="JournalRefusedException">Either place cannot be used as it is; says why.</exception>
    /// <exception cref="JournalUnavailableException">A database cannot be reached.</exception>
    /// <exception cref="InvalidDataException">The copy is not what the original is.</exception>
    public static async Task<CopyResult> RunAsync(
        JournalPlace from,
        JournalPlace to,
        TimeProvider time,
        StartProgress progress,
        CancellationToken cancel
    )
    {
        await from.CheckAtRestAsync(cancel);
        await to.CheckAtRestAsync(cancel);
        await using var original = await from.OpenAsync(time, cancel);
        var (first, last) = (original.FirstPosition, original.Journal.LastPosition);
        if (last == 0)
        {
            throw Refusals.NothingThere(from.Where);
        }
        await using (var target = await to.BeginAsync(cancel))
        {
            var snapshot = await CopySnapshotAsync(original.Journal, target, cancel);
            var written = new EntryDigest();
            long done = 0;
            progress.Begin("copying", () => Volatile.Read(ref done), last - first + 1);
            await foreach (var batch in original.ReadAsync(cancel))
            {
                await target.WriteAsync(batch, cancel);
                written.Add(batch);
                Volatile.Write(ref done, batch[^1].Position - first + 1);
            }
            await target.CompleteAsync(cancel);
            var state = await CheckAsync(original, to, written, time, progress, cancel);
            var pictures = await to.KeepAsync(from.PicturesAsync(cancel));
            return new CopyResult(last < first ? 0 : first, last, snapshot, state, pictures);
        }
    }

    private static async Task<long> CopySnapshotAsync(IJournal original, ICopyTarget target, CancellationToken cancel)
    {
        await using var snapshot = await original.OpenSnapshotAsync(cancel);
        if (snapshot is null)
        {
            return 0;
        }
        await target.WriteSnapshotAsync(snapshot, cancel);
        return snapshot.Position;
    }

    private static async Task<StateHash> CheckAsync(
        OpenedJournal original,
        JournalPlace to,
        EntryDigest written,
        TimeProvider time,
        StartProgress progress,
        CancellationToken cancel
    )
    {
        await using var copy = await to.OpenAsync(time, cancel);
        long done = 0;
        progress.Begin("checking the copy", () => Volatile.Read(ref done), written.Entries);
        var read = new EntryDigest();
        await foreach (var batch in copy.ReadAsync(cancel))
        {
            read.Add(batch);
            Volatile.Write(ref done, read.Entries);
        }
        var last = original.Journal.LastPosition;
        var expected = await Replay.HashAsync(original.Journal, last, time, cancel);
        var found = await Replay.HashAsync(copy.Journal, last, time, cancel);
        return copy.Journal.LastPosition == last && read.Text == written.Text && found.Text == expected.Text
            ? found
            : throw new InvalidDataException($"The copy in {copy.Where} differs from the original. Do not use it.");
    }
}
