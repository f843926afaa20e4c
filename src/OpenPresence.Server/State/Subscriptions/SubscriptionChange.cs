using System.Collections.Immutable;
using OpenPresence.Engine;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// One entry of the journal about subscriptions. Complete before it is appended: the address has answered its
/// validation, the certificate was read, instants are absolute.
/// </summary>
public abstract record SubscriptionChange;

/// <summary>
/// A caller subscribes. The limits travel in the entry, because a setting may differ between two nodes and
/// from one day to the next, but what an entry does may not.
/// </summary>
/// <param name="Subscription">What is to be; from where it is delivered is the entry's own position.</param>
/// <param name="InTenantMax">How many the tenant may have with this one.</param>
/// <param name="IsOnlyOne">Whether an application may have one only for each person, as Graph has it.</param>
public sealed record SubscriptionCreated(Subscription Subscription, int InTenantMax, bool IsOnlyOne)
    : SubscriptionChange;

/// <summary>It ends later, or goes elsewhere; it counts as reauthorised too.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="ExpiresAt">When it ends; null: as before.</param>
/// <param name="NotificationUrl">Where notifications go; null: as before.</param>
/// <param name="AuthorizedUntil">Until when the token that asked for it allows delivery.</param>
public sealed record SubscriptionUpdated(Guid Id, Instant? ExpiresAt, Uri? NotificationUrl, Instant AuthorizedUntil)
    : SubscriptionChange
{
    /// <summary>The certificate from now on, DER; empty: as before.</summary>
    public ImmutableArray<byte> EncryptionCertificate { get; init; } = [];

    /// <summary>The subscriber's name for that certificate; null: as before.</summary>
    public string? EncryptionCertificateId { get; init; }
}

/// <summary>Delivery may go on.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="AuthorizedUntil">Until when the token that asked for it allows delivery.</param>
public sealed record SubscriptionReauthorized(Guid Id, Instant AuthorizedUntil) : SubscriptionChange;

/// <summary>A subscription ends.</summary>
/// <param name="Id">The subscription.</param>
public sealed record SubscriptionDeleted(Guid Id) : SubscriptionChange;

/// <summary>
/// How far some subscriptions have been delivered, gathered: one entry now and then, not one for each
/// notification. Those that are gone, or further already, are left as they are.
/// </summary>
/// <param name="Positions">At most <see cref="PositionsMax"/>.</param>
public sealed record SubscriptionsDelivered(ImmutableArray<DeliveredPosition> Positions) : SubscriptionChange
{
    /// <summary>Positions in one entry: 100 KB.</summary>
    public const int PositionsMax = 4096;
}

/// <summary>How far one subscription has been delivered.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="DeliveredTo">Every change up to this journal position.</param>
public readonly record struct DeliveredPosition(Guid Id, long DeliveredTo);

/// <summary>What became of a change that was applied; everything but Done left all as it was.</summary>
public enum SubscriptionOutcome : byte
{
    Done = 0,

    /// <summary>The application has one for this person already, and may have no second one.</summary>
    OwnerHasOne = 1,

    /// <summary>The same owner watches the same people for the same address already.</summary>
    SameExists = 2,

    /// <summary>The tenant has as many as it may have.</summary>
    QuotaReached = 3,

    /// <summary>There is none of that id, or no longer.</summary>
    Gone = 4,

    /// <summary>A person to be watched, or on whose behalf, is not in the tenant.</summary>
    PersonUnknown = 5,

    /// <summary>The id is in use.</summary>
    IdTaken = 6,
}
