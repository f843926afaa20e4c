using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Grants;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Issuer;

/// <summary>Makes the issuer's changes durable in the node's journal, like everything else.</summary>
public sealed class JournalGrantLog(Node node, TimeProvider time) : IGrantLog
{
    /// <inheritdoc />
    public GrantState State => node.State.Grants;

    /// <inheritdoc />
    public async ValueTask CatchUpAsync(CancellationToken cancel)
    {
        if (!await node.CatchUpWithinAsync(IssuerLimits.CatchUpMax, time, cancel))
        {
            throw new JournalUnavailableException("This node is behind the others.");
        }
    }

    /// <inheritdoc />
    public async ValueTask<GrantOutcome> CommitAsync(GrantChange change, CancellationToken cancel)
    {
        var at = Instant.From(time.GetUtcNow());
        return (await node.AppendAsync(EntryPayload.Of(change, at))).Grant;
    }
}
