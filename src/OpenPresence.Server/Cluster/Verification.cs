using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Cluster;

/// <summary>A node and its answer.</summary>
/// <param name="Id">The node's id.</param>
/// <param name="Name">The node's name.</param>
/// <param name="State">The hash of its state; null: it did not answer in time.</param>
public sealed record NodeAnswer(Guid Id, string Name, StateHash? State);

/// <summary>What a verification found.</summary>
/// <param name="Position">Where all were asked.</param>
/// <param name="Replayed">What the journal by itself comes to.</param>
/// <param name="Nodes">What the nodes that live have come to.</param>
public sealed record Verified(long Position, StateHash Replayed, IReadOnlyList<NodeAnswer> Nodes)
{
    /// <summary>Whether every node answered, and all the same.</summary>
    public bool IsWell => Nodes.All(node => node.State?.Text == Replayed.Text);
}

/// <summary>
/// Asks all nodes of a database for the hash of their state at one position, and works it out once more from the journal
/// alone. The question is an entry, so every node answers for the same moment, however busy it is; what differs
/// afterwards was applied differently, or not at all.
/// </summary>
internal sealed class Verification(Database database, OpenedJournal opened, TimeProvider time)
{
    /// <summary>A node that writes a snapshot cannot hash; it is asked again so often.</summary>
    public const int AsksMax = 10;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly StateHashTable table = new(database);

    /// <summary>Asks, and waits for the answers.</summary>
    /// <param name="within">How long nodes may take, each time they are asked.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Verified> RunAsync(TimeSpan within, CancellationToken cancel)
    {
        await table.TrimAsync(cancel);
        for (var asked = 1; ; asked++)
        {
            var found = await AskAsync(within, cancel);
            if (asked == AsksMax || found.Nodes.All(node => node.State is not { Sha256: null }))
            {
                return found;
            }
            await Task.Delay(LookEvery * asked, time, cancel);
        }
    }

    private async Task<Verified> AskAsync(TimeSpan within, CancellationToken cancel)
    {
        var asked = await opened.Journal.AppendAsync(Guid.NewGuid(), EntryPayload.StateHash);
        var begun = time.GetTimestamp();
        var replayed = await Replay.HashAsync(opened.Journal, asked.Position, time, cancel);
        while (true)
        {
            var live = await LiveNodes.FindAsync(database, cancel);
            var told = await table.ReadAsync(asked.Position, cancel);
            var answers = live.Select(node => new NodeAnswer(node.Id, node.Name, told.GetValueOrDefault(node.Id)))
                .ToArray();
            if (answers.All(answer => answer.State is not null) || time.GetElapsedTime(begun) >= within)
            {
                return new Verified(asked.Position, replayed, answers);
            }
            await Task.Delay(LookEvery, time, cancel);
        }
    }
}
