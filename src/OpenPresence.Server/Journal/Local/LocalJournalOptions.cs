using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Local;

/// <summary>Every setting of the local journal.</summary>
public sealed record LocalJournalOptions
{
    /// <summary>Snapshots that are kept; entries go only behind the oldest of them.</summary>
    public const int SnapshotsKept = 2;

    /// <summary>Where the files are; made when it is not there. Required.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Size of a segment, written ahead. Default 32 MiB; 16 KiB to 1 GiB, and room for the largest entry.
    /// </summary>
    public long SegmentBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Largest payload of an entry. Default 2 MiB, more than the longest calendar takes; 1 KiB to 16 MiB less one byte.
    /// </summary>
    public int PayloadBytesMax { get; init; } = 2 << 20;

    /// <summary>Appends that may wait to be written. Default 65,536; 1 to 1,048,576.</summary>
    public int AppendsWaitingMax { get; init; } = 64 << 10;

    /// <summary>Bytes of payload that may wait to be written. Default 64 MiB; 1 MiB to 1 GiB.</summary>
    public long AppendsWaitingBytesMax { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of durable entries that are held in memory for readers that follow; slower readers read the files.
    /// Default 16 MiB; 0 to 1 GiB.
    /// </summary>
    public long TailBytesMax { get; init; } = 16 << 20;

    /// <summary>
    /// Command ids that are remembered, also over a restart: so many entries stay in the files.
    /// Default 100,000; 1 to 16,777,216.
    /// </summary>
    public int CommandIdsKept { get; init; } = 100_000;

    /// <summary>
    /// How far the last entry may lie beyond the clock at start. Default 5 minutes; at least 0.
    /// A clock that can be moved needs <see cref="TimeSpan.MaxValue"/>.
    /// </summary>
    public TimeSpan ClockLeadMax { get; init; } = IJournal.ClockLeadMaxDefault;

    /// <summary>From a failed write to the first try to go on. Default 100 ms; 1 ms to 1 h.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two such tries at most; they double until then. Default 5 s; 1 ms to 1 h.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// <c>--journal-truncate-at</c>: when exactly this entry is found damaged, it and everything after it is
    /// set aside, and the journal goes on before it. Does nothing otherwise, so that an option that was left in
    /// place never costs a healthy entry. Default null.
    /// </summary>
    public long? TruncateAt { get; init; }

    /// <summary>Room for a flush, and for the largest entry in any case.</summary>
    internal int BatchBytes =>
        (int)
            Math.Min(
                Math.Max(AppendQueue.BatchBytesMax, Frame.BytesOf(PayloadBytesMax)),
                SegmentBytes - SegmentHeader.Bytes
            );

    /// <exception cref="ArgumentOutOfRangeException">Names the setting.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Directory), nameof(Directory));
        Require(SegmentBytes is >= 16 << 10 and <= 1 << 30, nameof(SegmentBytes));
        Require(
            PayloadBytesMax is >= 1 << 10 and <= Frame.PayloadBytesLimit
                && Frame.BytesOf(PayloadBytesMax) <= SegmentBytes - SegmentHeader.Bytes,
            nameof(PayloadBytesMax)
        );
        Require(AppendsWaitingMax is >= 1 and <= 1 << 20, nameof(AppendsWaitingMax));
        Require(
            AppendsWaitingBytesMax is >= 1 << 20 and <= 1 << 30
                && AppendsWaitingBytesMax >= PayloadBytesMax,
            nameof(AppendsWaitingBytesMax)
        );
        Require(TailBytesMax is >= 0 and <= 1 << 30, nameof(TailBytesMax));
        Require(CommandIdsKept is >= 1 and <= 16 << 20, nameof(CommandIdsKept));
        Require(ClockLeadMax >= TimeSpan.Zero, nameof(ClockLeadMax));
        Require(IsRetry(RetryFirst) && RetryFirst <= RetryMax, nameof(RetryFirst));
        Require(IsRetry(RetryMax), nameof(RetryMax));
    }

    private static bool IsRetry(TimeSpan delay) =>
        delay >= TimeSpan.FromMilliseconds(1) && delay <= TimeSpan.FromHours(1);

    private static void Require(bool holds, string setting)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(setting, "Out of range; see the documentation.");
        }
    }
}
