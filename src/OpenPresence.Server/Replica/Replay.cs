using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Replica;

/// <summary>What a journal comes to, worked out from nothing but itself.</summary>
public static class Replay
{
    /// <summary>
    /// The hash of the state at a position: the newest snapshot and the entries after it, as a node that starts would
    /// apply them. When the snapshot is newer than that, the hash of the snapshot's state.
    /// </summary>
    /// <exception cref="InvalidDataException">A snapshot or an entry is damaged or of a newer program.</exception>
    public static async Task<StateHash> HashAsync(
        IJournal journal,
        long through,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var state = new NodeState(new NodeClock(time));
        await using (var snapshot = await journal.OpenSnapshotAsync(cancel))
        {
            if (snapshot is not null)
            {
                NodeCut.ReadInto(state, snapshot.Content, cancel);
            }
        }
        if (state.Position < through)
        {
            await foreach (var batch in journal.ReadAsync(state.Position, cancel))
            {
                Apply(state, batch, through);
                if (state.Position >= through)
                {
                    break;
                }
            }
        }
        using var cut = state.TakeCut();
        return StateHash.Of(cut, cancel);
    }

    private static void Apply(NodeState state, IReadOnlyList<Entry> batch, long through)
    {
        foreach (var entry in batch)
        {
            if (entry.Position <= through)
            {
                state.Apply(entry);
            }
        }
    }
}
