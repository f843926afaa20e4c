using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>Every setting of the PostgreSQL journal.</summary>
public sealed record PostgresJournalOptions
{
    /// <summary>Snapshots that are kept; entries go only behind the oldest of them.</summary>
    public const int SnapshotsKept = 2;

    /// <summary>Bytes of a piece of a snapshot, a row of the database each.</summary>
    public const int SnapshotChunkBytes = 256 << 10;

    /// <summary>This node, as its batches and notifications name it; a new one at each start.</summary>
    public Guid Node { get; init; } = Guid.NewGuid();

    /// <summary>
    /// Largest payload of an entry. Default 2 MiB, more than the longest calendar takes; 1 KiB to 16 MiB less one byte.
    /// </summary>
    public int PayloadBytesMax { get; init; } = 2 << 20;

    /// <summary>Appends that may wait to be written. Default 65,536; 1 to 1,048,576.</summary>
    public int AppendsWaitingMax { get; init; } = 64 << 10;

    /// <summary>Bytes of payload that may wait to be written. Default 64 MiB; 1 MiB to 1 GiB.</summary>
    public long AppendsWaitingBytesMax { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of durable entries that are held in memory for readers that follow; slower readers ask the database.
    /// Default 16 MiB; 0 to 1 GiB.
    /// </summary>
    public long TailBytesMax { get; init; } = 16 << 20;

    /// <summary>
    /// Command ids that are remembered, also over a restart: so many entries stay in the database.
    /// Default 100,000; 1 to 16,777,216.
    /// </summary>
    public int CommandIdsKept { get; init; } = 100_000;

    /// <summary>
    /// How far the last entry may lie beyond the database's clock at start. Default 5 minutes; at least 0.
    /// A clock that can be moved needs <see cref="TimeSpan.MaxValue"/>.
    /// </summary>
    public TimeSpan ClockLeadMax { get; init; } = IJournal.ClockLeadMaxDefault;

    /// <summary>From a lost connection to the first try to go on. Default 100 ms; 1 ms to 1 h.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two such tries at most; they double until then. Default 2 s; 1 ms to 1 h.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a caller waits while it is not known whether its entry was stored, because the answer was lost.
    /// Then it is told so, and the entry is not sent again. Default 30 s; 1 s to 10 min.
    /// </summary>
    public TimeSpan AppendUnknownMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the end of the journal is asked for when no notification came: what a lost one costs at most.
    /// Default 1 s; 10 ms to 1 min.
    /// </summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Room for a batch, and for the largest entry in any case.</summary>
    internal int BatchBytes =>
        Math.Max(AppendQueue.BatchBytesMax, BatchCodec.BytesOf(PayloadBytesMax));

    /// <exception cref="ArgumentOutOfRangeException">Names the setting.</exception>
    internal void Validate()
    {
        Require(PayloadBytesMax is >= 1 << 10 and < 16 << 20, nameof(PayloadBytesMax));
        Require(AppendsWaitingMax is >= 1 and <= 1 << 20, nameof(AppendsWaitingMax));
        Require(
            AppendsWaitingBytesMax is >= 1 << 20 and <= 1 << 30
                && AppendsWaitingBytesMax >= PayloadBytesMax,
            nameof(AppendsWaitingBytesMax)
        );
        Require(TailBytesMax is >= 0 and <= 1 << 30, nameof(TailBytesMax));
        Require(CommandIdsKept is >= 1 and <= 16 << 20, nameof(CommandIdsKept));
        Require(ClockLeadMax >= TimeSpan.Zero, nameof(ClockLeadMax));
        Require(IsBetween(RetryFirst, 0.001, 3600) && RetryFirst <= RetryMax, nameof(RetryFirst));
        Require(IsBetween(RetryMax, 0.001, 3600), nameof(RetryMax));
        Require(IsBetween(AppendUnknownMax, 1, 600), nameof(AppendUnknownMax));
        Require(IsBetween(PollEvery, 0.01, 60), nameof(PollEvery));
    }

    private static bool IsBetween(TimeSpan value, double min, double max) =>
        value.TotalSeconds >= min && value.TotalSeconds <= max;

    private static void Require(bool holds, string setting)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(setting, "Out of range; see the documentation.");
        }
    }
}
