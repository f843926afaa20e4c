using OpenPresence.Engine;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer;

/// <summary>
/// Grants that live as long as the process: for tests and for an issuer whose restart may sign
/// everybody out.
/// </summary>
public sealed class MemoryGrantLog(TimeProvider clock) : IGrantLog
{
    private readonly Lock _writing = new();

    /// <inheritdoc />
    public GrantState State { get; } = new();

    /// <inheritdoc />
    public ValueTask CatchUpAsync(CancellationToken cancel) => default;

    /// <inheritdoc />
    public ValueTask<GrantOutcome> CommitAsync(GrantChange change, CancellationToken cancel)
    {
        lock (_writing)
        {
            return ValueTask.FromResult(State.Apply(change, Instant.From(clock.GetUtcNow())));
        }
    }
}
