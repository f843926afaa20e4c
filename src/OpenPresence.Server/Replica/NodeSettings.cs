namespace OpenPresence.Server.Replica;

/// <summary>How a node keeps its state.</summary>
public sealed record NodeSettings
{
    /// <summary>
    /// Entries between two snapshots, and so what a restart applies at most; a second's work. Default 1,000,000;
    /// at least 1.
    /// </summary>
    public long SnapshotEveryEntries { get; init; } = 1_000_000;

    /// <summary>
    /// A clean stop writes a snapshot when there were so many entries since the last one, so that the next start
    /// has nothing to apply. Default 10,000; at least 1.
    /// </summary>
    public long SnapshotAtStopEntries { get; init; } = 10_000;

    /// <summary>Told once, when a start begins to read: where the place of it can be asked, and where it ends.</summary>
    public Action<Func<long>, long>? Reading { get; init; }

    /// <summary>The least time between two ticks: ten a second at most.</summary>
    public static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>With fewer people there is nothing worth giving back after a start.</summary>
    public const int GiveBackPeopleMin = 100_000;
}
