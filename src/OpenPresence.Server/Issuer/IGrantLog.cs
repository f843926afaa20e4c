using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer;

/// <summary>
/// Where the issuer makes its changes durable. The server's own goes through the journal; <see
/// cref="MemoryGrantLog"/> is for an issuer without one.
/// </summary>
public interface IGrantLog
{
    /// <summary>What has been applied so far.</summary>
    GrantState State { get; }

    /// <summary>
    /// Ends once <see cref="State"/> holds everything that was granted by now, also by another node of the same journal.
    /// </summary>
    /// <exception cref="Journal.JournalUnavailableException">That could not be had in good time: whether
    /// something is unknown cannot be said.</exception>
    ValueTask CatchUpAsync(CancellationToken cancel);

    /// <summary>Ends when the change is durable and applied, with what became of it.</summary>
    /// <exception cref="Journal.JournalUnavailableException">Nothing was changed; try again
    /// later.</exception>
    ValueTask<GrantOutcome> CommitAsync(GrantChange change, CancellationToken cancel);
}
