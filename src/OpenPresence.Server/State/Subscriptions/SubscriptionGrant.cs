using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// What allows a subscription while it lasts: the permission that the directory grants to its application. Graph asks
/// again when it is withdrawn, and delivers nothing until the application was authorized anew
/// (change-notifications-lifecycle-events, D). A register that is not ours tells nobody of what it withdraws: there the
/// tokens say it, at the latest when the subscription is to be renewed.
/// </summary>
internal static class SubscriptionGrant
{
    /// <summary>The one that opens subscriptions to presence; a test compares it with the permission table.</summary>
    public const string Permission = "Presence.Read.All";

    /// <summary>Whether an application may be told, on a person's behalf or, with null, its own.</summary>
    public static bool IsHeld(Application application, Guid? userId) =>
        (userId is null ? application.ApplicationPermissions : application.DelegatedScopes).Contains(
            Permission,
            StringComparer.OrdinalIgnoreCase
        );

    /// <summary>Whether that was so, and is no longer.</summary>
    public static bool IsLost(Application was, Application now, Subscription subscription) =>
        subscription.ApplicationId == now.ClientId
        && IsHeld(was, subscription.UserId)
        && !IsHeld(now, subscription.UserId);
}
