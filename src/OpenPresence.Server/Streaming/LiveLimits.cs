namespace OpenPresence.Server.Streaming;

/// <summary>The bounds of the live stream; how many may be open is a setting.</summary>
public static class LiveLimits
{
    /// <summary>Ids that <c>ids=</c> may list; as many as getPresencesByUserId.</summary>
    public const int IdsMax = Graph.IdScanner.IdsMax;

    /// <summary>Changes that wait for a stream; with more it falls back to the feed, and then to the board.</summary>
    public const int MailboxMax = 32;

    /// <summary>Rendered events that are kept for all streams; a power of two, 2 MB at most.</summary>
    public const int EventsKept = 4096;

    /// <summary>A stream waits for its connection after so many bytes.</summary>
    public const int UnflushedBytesMax = 8 * 1024;

    /// <summary>How often a sign of life comes.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    /// <summary>A client that takes nothing for so long is cut off.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(30);

    /// <summary>How long a ticket opens a stream, in seconds.</summary>
    public const int TicketSeconds = 30;

    /// <summary>
    /// How long a stream that goes on after a place waits for this node to have come as far; then everything is told anew.
    /// </summary>
    public static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(1);

    /// <summary>Used tickets that are remembered until they end; with more, no stream is opened by one.</summary>
    public const int TicketsMax = 10_000;

    /// <summary>What browsers are told to wait before they connect again, in milliseconds.</summary>
    public const int RetryMilliseconds = 2000;
}
