namespace OpenPresence.Server.Journal;

/// <summary>The settings that every journal has.</summary>
public abstract record JournalOptions
{
    /// <summary>Snapshots that are kept; entries go only behind the oldest of them.</summary>
    public const int SnapshotsKept = 2;

    /// <summary>
    /// Largest payload of an entry. Default 2 MiB, more than the longest calendar takes; 1 KiB to 16 MiB less one byte.
    /// </summary>
    public int PayloadBytesMax { get; init; } = 2 << 20;

    /// <summary>Appends that may wait to be written. Default 65,536; 1 to 1,048,576.</summary>
    public int AppendsWaitingMax { get; init; } = 64 << 10;

    /// <summary>Bytes of payload that may wait to be written. Default 64 MiB; 1 MiB to 1 GiB.</summary>
    public long AppendsWaitingBytesMax { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of durable entries that are held in memory for readers that follow; slower readers read storage.
    /// Default 16 MiB; 0 to 1 GiB.
    /// </summary>
    public long TailBytesMax { get; init; } = 16 << 20;

    /// <summary>
    /// Command ids that are remembered, also over a restart: so many entries stay in storage.
    /// Default 100,000; 1 to 16,777,216.
    /// </summary>
    public int CommandIdsKept { get; init; } = 100_000;

    /// <summary>
    /// How far the last entry may lie beyond the clock at start. Default 5 minutes; at least 0.
    /// A clock that can be moved needs <see cref="TimeSpan.MaxValue"/>.
    /// </summary>
    public TimeSpan ClockLeadMax { get; init; } = IJournal.ClockLeadMaxDefault;

    /// <summary>From an outage to the first try to go on. Default 100 ms; 1 ms to 1 h.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two such tries at most; they double until then. 1 ms to 1 h.</summary>
    public TimeSpan RetryMax { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">Names the setting.</exception>
    internal virtual void Validate()
    {
        Require(PayloadBytesMax is >= 1 << 10 and < 16 << 20, nameof(PayloadBytesMax));
        Require(AppendsWaitingMax is >= 1 and <= 1 << 20, nameof(AppendsWaitingMax));
        Require(
            AppendsWaitingBytesMax is >= 1 << 20 and <= 1 << 30 && AppendsWaitingBytesMax >= PayloadBytesMax,
            nameof(AppendsWaitingBytesMax)
        );
        Require(TailBytesMax is >= 0 and <= 1 << 30, nameof(TailBytesMax));
        Require(CommandIdsKept is >= 1 and <= 16 << 20, nameof(CommandIdsKept));
        Require(ClockLeadMax >= TimeSpan.Zero, nameof(ClockLeadMax));
        Require(IsRetry(RetryFirst) && RetryFirst <= RetryMax, nameof(RetryFirst));
        Require(IsRetry(RetryMax), nameof(RetryMax));
    }

    private protected static void Require(bool holds, string setting)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(setting, "Out of range; see the documentation.");
        }
    }

    private static bool IsRetry(TimeSpan delay) =>
        delay >= TimeSpan.FromMilliseconds(1) && delay <= TimeSpan.FromHours(1);
}
