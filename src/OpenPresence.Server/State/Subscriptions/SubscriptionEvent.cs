namespace OpenPresence.Server.State.Subscriptions;

/// <summary>Something happened to a subscription, told on the writer's thread once it is so.</summary>
/// <param name="Kind">What.</param>
/// <param name="Subscription">As it is now; of one that ended, as it was last.</param>
/// <param name="Position">The journal position of the entry that brought it about.</param>
public readonly record struct SubscriptionEvent(SubscriptionEventKind Kind, Subscription Subscription, long Position)
{
    /// <summary>Whether the subscription is no more.</summary>
    public bool IsEnd => Kind >= SubscriptionEventKind.Deleted;
}

/// <summary>What happened to a subscription.</summary>
public enum SubscriptionEventKind : byte
{
    Created,

    /// <summary>Another end, another address, or reauthorised.</summary>
    Updated,

    /// <summary>A person whom it watched was removed; others are left.</summary>
    Narrowed,

    /// <summary>The first of those that end it: a client deleted it.</summary>
    Deleted,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>The person or the application that it belonged to was removed or disabled.</summary>
    OwnerGone,

    /// <summary>Every person whom it watched was removed.</summary>
    NobodyLeft,
}
