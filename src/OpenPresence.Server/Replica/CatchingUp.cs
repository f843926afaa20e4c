using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Replica;

/// <summary>
/// Waiting for what other nodes appended, by whoever found something unknown that one of them may have made a moment ago.
/// Behind a balancer that goes round, the request that makes a thing and the one that names it meet different nodes.
/// </summary>
public static class CatchingUp
{
    /// <summary>How long a request waits that names something unknown; then it is unknown.</summary>
    public static readonly TimeSpan RequestMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// True once this node has applied what any node had appended when this was called; false: it did not come about in
    /// time, or the journal cannot be asked.
    /// </summary>
    public static async ValueTask<bool> CatchUpWithinAsync(
        this Node node,
        TimeSpan limit,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            return await node.CatchUpAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        catch (JournalUnavailableException)
        {
            return false;
        }
    }
}
