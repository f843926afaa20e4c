using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>What a notification tells of.</summary>
public enum NoticeKind : byte
{
    /// <summary>A person's presence.</summary>
    Presence,

    /// <summary>The subscription's time, or its creator's, is nearly over.</summary>
    ReauthorizationRequired,

    /// <summary>The subscription ended, and not because a client deleted it.</summary>
    SubscriptionRemoved,

    /// <summary>States in between were not told.</summary>
    Missed,
}

/// <summary>One notification that waits for its receiver.</summary>
/// <param name="Watch">Of which subscription.</param>
/// <param name="Kind">What it tells of.</param>
/// <param name="PersonId">Whose presence; empty for the other kinds.</param>
/// <param name="Pair">What readers saw after the change.</param>
/// <param name="Position">The journal position of the oldest change that it stands for.</param>
/// <param name="Newest">That of the newest; the same unless older states were put away.</param>
/// <param name="Ticket">Its number among those of the subscription.</param>
internal readonly record struct Notice(
    Watch Watch,
    NoticeKind Kind,
    Guid PersonId,
    PresencePair Pair,
    long Position,
    long Newest,
    long Ticket
)
{
    /// <summary>Notices of the same subject: the newer one makes the older one needless.</summary>
    public (Watch, NoticeKind, Guid) Subject => (Watch, Kind, PersonId);

    /// <summary>Whether validation tokens go with it, since it carries presence.</summary>
    public bool HasTokens => Kind == NoticeKind.Presence && Watch.Cipher is not null;
}
