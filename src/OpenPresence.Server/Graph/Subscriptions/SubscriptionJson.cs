using System.Text.Json;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// A subscription as Graph shows it. The certificate is never shown; <c>clientState</c>, by which a receiver knows
/// that it is Graph who calls, only to who has just said it.
/// </summary>
internal static class SubscriptionJson
{
    /// <summary>The context of one.</summary>
    public const string EntityContext = "subscriptions/$entity";

    /// <summary>The context of a list.</summary>
    public const string ListContext = "subscriptions";

    /// <summary>Writes the members.</summary>
    /// <param name="json">The open object.</param>
    /// <param name="call">The call.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="showsClientState">Whether the caller has just written it.</param>
    public static void Write(Utf8JsonWriter json, GraphCall call, Subscription subscription, bool showsClientState)
    {
        json.WriteString("id", subscription.Id);
        json.WriteString("resource", subscription.Resource);
        json.WriteString("applicationId", subscription.ApplicationId);
        json.WriteString("changeType", SubscriptionBody.Updated);
        json.WriteString("clientState", showsClientState ? subscription.ClientState : null);
        json.WriteString("notificationUrl", subscription.NotificationUrl.OriginalString);
        json.WriteNull("notificationQueryOptions");
        json.WriteString("lifecycleNotificationUrl", subscription.LifecycleNotificationUrl?.OriginalString);
        json.WriteString("expirationDateTime", subscription.ExpiresAt.ToString());
        json.WriteString("creatorId", CreatorOf(call, subscription));
        json.WriteBoolean("includeResourceData", subscription.IncludesResourceData);
        json.WriteString("latestSupportedTlsVersion", subscription.LatestSupportedTlsVersion);
        json.WriteNull("encryptionCertificate");
        json.WriteString("encryptionCertificateId", subscription.EncryptionCertificateId);
        json.WriteString("notificationUrlAppId", subscription.NotificationUrlAppId);
        json.WriteString("notificationContentType", "application/json");
    }

    /// <summary>The person; else the application's service principal, or the application that is not registered.</summary>
    private static Guid CreatorOf(GraphCall call, Subscription subscription) =>
        subscription.UserId
        ?? (
            call.Server.Directory.TryGetApplication(subscription.ApplicationId, out var registered)
            && registered.ServicePrincipalId != Guid.Empty
                ? registered.ServicePrincipalId
                : subscription.ApplicationId
        );
}
