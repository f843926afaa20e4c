using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Batch;
using OpenPresence.Server.Graph.Mailbox;
using OpenPresence.Server.Graph.OData;
using OpenPresence.Server.Graph.Photos;
using OpenPresence.Server.Graph.Presences;
using OpenPresence.Server.Graph.Subscriptions;
using OpenPresence.Server.Graph.Users;

namespace OpenPresence.Server.Graph.Routing;

/// <summary>
/// The table to read first: every route of Graph's surface that this server answers, under /v1.0 and
/// /beta alike. <c>users('{id}')</c>, <c>microsoft.graph.…</c> names and any letter case lead to the same rows.
/// </summary>
public static class GraphRoutes
{
    private const string Get = "https://learn.microsoft.com/graph/api/presence-get";
    private const string Bulk = "https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid";
    private const string Batching = "https://learn.microsoft.com/graph/json-batching";
    private const string Subscribing = "https://learn.microsoft.com/graph/api/subscription-";

    /// <summary>What has a presence of a person: each of them has the same actions (CSDL, C).</summary>
    private static readonly (string Template, Subject Subject)[] Parents =
    [
        ("/me/presence", Subject.Me),
        ("/users/{id}/presence", Subject.Key),
        ("/communications/presences/{id}", Subject.Key),
    ];

    // csharpier-ignore-start
    public static IReadOnlyList<GraphRoute> Table { get; } =
    [
        new("GET", "/me/presence", Operation.GetMyPresence, Subject.Me, CloudSet.Presence, GetPresence.HandleUser, Get),
        new("GET", "/users/{id}/presence", Operation.GetUserPresence, Subject.Key, CloudSet.Presence, GetPresence.HandleUser, Get),
        new("GET", "/communications/presences/{id}", Operation.GetCommunicationsPresence, Subject.Key, CloudSet.Presence, GetPresence.HandleCommunications, Get),
        new("GET", "/communications/presences", Operation.ListCommunicationsPresences, Subject.Several, CloudSet.Presence, ListPresences.Handle, Get),
        new("GET", "/communications/presences/$count", Operation.ListCommunicationsPresences, Subject.Several, CloudSet.Presence, CountPresences.Handle, Get),
        new("POST", "/communications/getPresencesByUserId", Operation.GetPresencesByUserId, Subject.Several, CloudSet.Presence, GetPresencesByUserId.Handle, Bulk),
        .. Action("setPresence", Operation.SetPresence, CloudSet.Presence, SetPresence.Handle),
        .. Action("clearPresence", Operation.ClearPresence, CloudSet.Presence, ClearPresence.Handle),
        .. Action("setUserPreferredPresence", Operation.SetUserPreferredPresence, CloudSet.Presence, SetUserPreferredPresence.Handle),
        .. Action("clearUserPreferredPresence", Operation.ClearUserPreferredPresence, CloudSet.Presence, ClearUserPreferredPresence.Handle),
        .. Action("setStatusMessage", Operation.SetStatusMessage, CloudSet.Presence, SetStatusMessage.Handle),
        .. Action("setManualLocation", Operation.SetManualLocation, CloudSet.Global, SetManualLocation.Handle),
        .. Action("setAutomaticLocation", Operation.SetAutomaticLocation, CloudSet.Global, SetAutomaticLocation.Handle),
        .. Action("clearAutomaticLocation", Operation.ClearAutomaticLocation, CloudSet.Global, ClearAutomaticLocation.Handle),
        .. Action("clearLocation", Operation.ClearLocation, CloudSet.Global, ClearLocation.Handle),
        .. Ours("PUT", "devices/{deviceId}", Operation.ReportDevice, ReportDevice.Handle, "devices"),
        .. Ours("DELETE", "devices/{deviceId}", Operation.RemoveDevice, RemoveDevice.Handle, "devices"),
        .. Ours("PUT", "calendar", Operation.SetCalendar, SetCalendar.Handle, "calendar"),
        .. Ours("DELETE", "calendar", Operation.ClearCalendar, ClearCalendar.Handle, "calendar"),
        .. Ours("GET", "history", Operation.GetPresenceHistory, GetPresenceHistory.Handle, "history"),
        .. Ours("DELETE", "history", Operation.ErasePresenceHistory, ErasePresenceHistory.Handle, "history"),
        .. Ours("GET", "explain", Operation.ExplainPresence, ExplainPresence.Handle, "why-a-presence-is-what-it-is"),
        new("POST", "/$batch", Operation.Batch, Subject.Several, CloudSet.All, PostBatch.Handle, Batching) { IsCounted = false },
        new("GET", "/$metadata", Operation.GetMetadata, Subject.Several, CloudSet.All, GetMetadata.Handle, "https://learn.microsoft.com/graph/traverse-the-graph") { NeedsCaller = false },
        .. DirectoryRoutes.Table,
        new("POST", "/subscriptions", Operation.CreatePresenceSubscription, Subject.Several, CloudSet.Presence, CreateSubscription.Handle, Subscribing + "post-subscriptions") { Denial = RefusalKind.SubscriptionForbidden },
        new("GET", "/subscriptions", Operation.GetSubscription, Subject.Several, CloudSet.Presence, ListSubscriptions.Handle, Subscribing + "list"),
        new("GET", "/subscriptions/{subscriptionId}", Operation.GetSubscription, Subject.Several, CloudSet.Presence, GetSubscription.Handle, Subscribing + "get"),
        new("PATCH", "/subscriptions/{subscriptionId}", Operation.UpdateSubscription, Subject.Several, CloudSet.Presence, UpdateSubscription.Handle, Subscribing + "update"),
        new("DELETE", "/subscriptions/{subscriptionId}", Operation.DeleteSubscription, Subject.Several, CloudSet.Presence, DeleteSubscription.Handle, Subscribing + "delete"),
        new("POST", "/subscriptions/{subscriptionId}/reauthorize", Operation.UpdateSubscription, Subject.Several, CloudSet.Presence, ReauthorizeSubscription.Handle, Subscribing + "reauthorize"),
        .. PhotoRoutes.Table,
        .. MailboxRoutes.Table,
    ];
    // csharpier-ignore-end

    private static IEnumerable<GraphRoute> Action(
        string name,
        Operation operation,
        CloudSet offered,
        GraphHandler handle
    ) =>
        Parents.Select(parent => new GraphRoute(
            HttpMethods.Post,
            $"{parent.Template}/{name}",
            operation,
            parent.Subject,
            offered,
            handle,
            "https://learn.microsoft.com/graph/api/presence-" + name.ToLowerInvariant()
        )
        {
            JudgesBodyFirst = true,
        });

    /// <summary>The same, ready to be searched.</summary>
    internal static RouteTree Tree { get; } = new(Table);

    /// <summary>A fact that Graph has no presence route for; ours stands under the same parents.</summary>
    private static IEnumerable<GraphRoute> Ours(
        string method,
        string name,
        Operation operation,
        GraphHandler handle,
        string heading
    ) =>
        Parents.Select(parent => new GraphRoute(
            method,
            $"{parent.Template}/{name}",
            operation,
            parent.Subject,
            CloudSet.Presence,
            handle,
            GraphRoute.OursSource + heading
        ));
}
