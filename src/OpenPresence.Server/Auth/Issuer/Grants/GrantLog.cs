using OpenPresence.Engine;

namespace OpenPresence.Server.Auth.Issuer.Grants;

/// <summary>
/// Where the issuer makes its changes durable. The server's own goes through the journal; <see cref="MemoryGrantLog"/> is for an issuer
/// without one.
/// </summary>
public interface IGrantLog
{
    /// <summary>What has been applied so far.</summary>
    GrantState State { get; }

    /// <summary>Ends when the change is durable and applied, with what became of it.</summary>
    /// <exception cref="Journal.JournalUnavailableException">Nothing was changed; try again later.</exception>
    ValueTask<GrantOutcome> CommitAsync(GrantChange change, CancellationToken cancel);
}

/// <summary>Grants that live as long as the process: for tests and for an issuer whose restart may sign everybody out.</summary>
public sealed class MemoryGrantLog(TimeProvider clock) : IGrantLog
{
    private readonly Lock _writing = new();

    /// <inheritdoc />
    public GrantState State { get; } = new();

    /// <inheritdoc />
    public ValueTask<GrantOutcome> CommitAsync(GrantChange change, CancellationToken cancel)
    {
        lock (_writing)
        {
            return ValueTask.FromResult(State.Apply(change, Instant.From(clock.GetUtcNow())));
        }
    }
}
