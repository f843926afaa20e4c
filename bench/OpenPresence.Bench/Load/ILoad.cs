namespace OpenPresence.Bench.Load;

/// <summary>What one run of a load found.</summary>
/// <param name="RequestsPerSecond">Answers in a second.</param>
/// <param name="ProcessorMicroseconds">Processor time of the server for one of them.</param>
/// <param name="ServerBusy">How much of its processor the server used; well under 1: the load was too weak.</param>
/// <param name="P99Milliseconds">99 of 100 took less.</param>
public readonly record struct LoadResult(
    double RequestsPerSecond,
    double ProcessorMicroseconds,
    double ServerBusy,
    double P99Milliseconds
);

/// <summary>Keeps a server busy for a while; another program, so that only the server's own work counts as its.</summary>
public interface ILoad
{
    /// <summary>Runs it once.</summary>
    /// <exception cref="InvalidOperationException">Something else than 200 was answered.</exception>
    Task<LoadResult> RunAsync(LoadedProcess server, TimeSpan duration, CancellationToken cancel);
}
