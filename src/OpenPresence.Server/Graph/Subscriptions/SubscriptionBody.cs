using System.Collections.Immutable;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// Reads a new subscription from a body: each member with its default and its limit, every fault by name. What
/// the server decides (id, owner) may be there as null, as SDKs send it, and no other way.
/// </summary>
/// <remarks>Source: https://learn.microsoft.com/graph/api/resources/subscription</remarks>
internal static class SubscriptionBody
{
    /// <summary>The only change that presence has.</summary>
    public const string Updated = "updated";

    private const string TlsDefault = "v1_2";

    private static readonly string[] TlsVersions = ["v1_0", "v1_1", TlsDefault, "v1_3"];

    private static readonly string[] Names =
    [
        "resource",
        "changeType",
        "notificationUrl",
        "expirationDateTime",
        "clientState",
        "lifecycleNotificationUrl",
        "includeResourceData",
        "encryptionCertificate",
        "encryptionCertificateId",
        "latestSupportedTlsVersion",
        "notificationUrlAppId",
        "notificationQueryOptions",
        "notificationContentType",
        .. ReadOnly,
        .. WebPush,
    ];

    private static string[] ReadOnly => ["id", "applicationId", "creatorId"];

    private static string[] WebPush => ["vapidPublicKey", "webPushEncryptionSecret", "webPushEncryptionPublicKey"];

    /// <summary>What the body of a POST wants; of use only if the body has no faults afterwards.</summary>
    public static Subscription Read(GraphCall call, ActionBody body)
    {
        var members = new SubscriptionMembers(call, body, Names);
        var subscription = new Subscription
        {
            Id = Guid.NewGuid(),
            TenantId = call.Caller.TenantId,
            ApplicationId = call.Caller.ApplicationId,
            UserId = call.Caller.UserId,
            Resource = Resource(call, members, out var people),
            People = people,
            NotificationUrl = members.RequiredUrl("notificationUrl"),
            ExpiresAt = members.Require("expirationDateTime")
                ? members.ExpiresAt("expirationDateTime") ?? Instant.Never
                : Instant.Never,
            ClientState = members.Text("clientState", SubscriptionLimits.ClientStateCharsMax),
            LifecycleNotificationUrl = members.Url("lifecycleNotificationUrl"),
            IncludesResourceData = members.Flag("includeResourceData"),
            EncryptionCertificate = members.Certificate("encryptionCertificate"),
            EncryptionCertificateId = members.Text("encryptionCertificateId", SubscriptionLimits.CertificateIdCharsMax),
            LatestSupportedTlsVersion = Tls(members),
            NotificationUrlAppId = AppId(members),
            AuthorizedUntil = SubscriptionAccess.AuthorizedUntil(call),
            DeliveredTo = 0,
        };
        CheckChangeType(members);
        RefuseOthers(members);
        if (subscription.IncludesResourceData)
        {
            members.RequireText("encryptionCertificate", "with includeResourceData");
            members.RequireText("encryptionCertificateId", "with includeResourceData");
        }
        return subscription;
    }

    private static string Resource(GraphCall call, SubscriptionMembers members, out ImmutableArray<Guid> people)
    {
        people = default;
        if (!members.Require("resource") || members.Text("resource") is not { } text)
        {
            return "";
        }
        var isBeyondGraph = call.Server.Options.GoesBeyondGraph;
        if (WatchedResource.FaultOf(text, isBeyondGraph, out people) is { } fault)
        {
            if (fault.StartsWith(WatchedResource.FilterFault, StringComparison.Ordinal))
            {
                members.Fault(RefusalKind.BadRequest, "resource", IdFilter.Words, fault);
            }
            else
            {
                members.Fault("resource", fault);
            }
        }
        return text;
    }

    private static void CheckChangeType(SubscriptionMembers members)
    {
        if (
            members.Require("changeType")
            && members.Text("changeType") is { } word
            && !word.Equals(Updated, StringComparison.OrdinalIgnoreCase)
        )
        {
            members.Fault("changeType", "must be updated: presence has no other change.");
        }
    }

    private static string Tls(SubscriptionMembers members)
    {
        if (members.Text("latestSupportedTlsVersion") is not { } text)
        {
            return TlsDefault;
        }
        if (Array.Find(TlsVersions, version => version == text) is { } known)
        {
            return known;
        }
        members.Fault(
            RefusalKind.PropertyValueInvalid,
            "latestSupportedTlsVersion",
            "LatestSupportedTlsVersion",
            $"must be one of: {string.Join(", ", TlsVersions)}."
        );
        return TlsDefault;
    }

    private static string? AppId(SubscriptionMembers members)
    {
        var text = members.Text("notificationUrlAppId");
        if (text is not null && !Guid.TryParseExact(text, "D", out _))
        {
            members.Fault("notificationUrlAppId", "must be the id of an application.");
        }
        return text;
    }

    private static void RefuseOthers(SubscriptionMembers members)
    {
        if (
            members.Text("notificationContentType") is { } type
            && !type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        )
        {
            members.Fault("notificationContentType", "must be application/json.");
        }
        members.RefuseIfGiven("notificationQueryOptions", "is not supported for presence.");
        foreach (var name in ReadOnly)
        {
            members.RefuseIfGiven(name, "is read-only.");
        }
        foreach (var name in WebPush)
        {
            members.RefuseIfGiven(name, "belongs to web push, which is not supported: notifications go to webhooks.");
        }
    }
}
