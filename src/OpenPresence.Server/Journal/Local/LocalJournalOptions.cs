using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Local;

/// <summary>Every setting of the local journal. Its tries double up to 5 s by default.</summary>
public sealed record LocalJournalOptions : JournalOptions
{
    public LocalJournalOptions() => RetryMax = TimeSpan.FromSeconds(5);

    /// <summary>Where the files are; made when it is not there. Required.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Size of a segment, written ahead. Default 32 MiB; 16 KiB to 1 GiB, and room for the largest entry.
    /// </summary>
    public long SegmentBytes { get; init; } = 32 << 20;

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

    /// <inheritdoc />
    internal override void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Directory), nameof(Directory));
        Require(SegmentBytes is >= 16 << 10 and <= 1 << 30, nameof(SegmentBytes));
        base.Validate();
        Require(
            PayloadBytesMax <= Frame.PayloadBytesLimit
                && Frame.BytesOf(PayloadBytesMax) <= SegmentBytes - SegmentHeader.Bytes,
            nameof(PayloadBytesMax)
        );
    }
}
