using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>Every setting of the PostgreSQL journal. Its clock is the database's; its tries double up to 2 s by default.</summary>
public sealed record PostgresJournalOptions : JournalOptions
{
    /// <summary>Bytes of a piece of a snapshot, a row of the database each.</summary>
    public const int SnapshotChunkBytes = 256 << 10;

    public PostgresJournalOptions() => RetryMax = TimeSpan.FromSeconds(2);

    /// <summary>This node, as its batches and notifications name it; a new one at each start.</summary>
    public Guid Node { get; init; } = Guid.NewGuid();

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
    internal int BatchBytes => Math.Max(AppendQueue.BatchBytesMax, BatchCodec.BytesOf(PayloadBytesMax));

    /// <inheritdoc />
    internal override void Validate()
    {
        base.Validate();
        Require(IsBetween(AppendUnknownMax, 1, 600), nameof(AppendUnknownMax));
        Require(IsBetween(PollEvery, 0.01, 60), nameof(PollEvery));
    }

    private static bool IsBetween(TimeSpan value, double min, double max) =>
        value.TotalSeconds >= min && value.TotalSeconds <= max;
}
