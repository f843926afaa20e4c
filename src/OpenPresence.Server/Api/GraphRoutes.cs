using OpenPresence.Server.Auth;

namespace OpenPresence.Server.Api;

/// <summary>
/// The table to read first: every route of Graph's surface that this server answers, under /v1.0 and
/// /beta alike. <c>users('{id}')</c>, <c>microsoft.graph.…</c> names and any letter case lead to the same rows.
/// </summary>
public static class GraphRoutes
{
    private const string Get = "https://learn.microsoft.com/graph/api/presence-get";
    private const string Bulk =
        "https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid";

    // csharpier-ignore-start
    public static IReadOnlyList<GraphRoute> Table { get; } =
    [
        new("GET", "/me/presence", Operation.GetMyPresence, Subject.Me, CloudSet.Presence, GetPresence.HandleUser, Get),
        new("GET", "/users/{id}/presence", Operation.GetUserPresence, Subject.Key, CloudSet.Presence, GetPresence.HandleUser, Get),
        new("GET", "/communications/presences/{id}", Operation.GetCommunicationsPresence, Subject.Key, CloudSet.Presence, GetPresence.HandleCommunications, Get),
        new("GET", "/communications/presences", Operation.ListCommunicationsPresences, Subject.Several, CloudSet.Presence, ListPresences.Handle, Get),
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
    ];
    // csharpier-ignore-end

    /// <summary>An action is bound to a presence, so each parent that has one has the action (CSDL, C).</summary>
    private static IEnumerable<GraphRoute> Action(
        string name,
        Operation operation,
        CloudSet offered,
        GraphHandler handle
    )
    {
        var source = "https://learn.microsoft.com/graph/api/presence-" + name.ToLowerInvariant();
        (string Parent, Subject Subject)[] parents =
        [
            ("/me/presence", Subject.Me),
            ("/users/{id}/presence", Subject.Key),
            ("/communications/presences/{id}", Subject.Key),
        ];
        return parents.Select(row => new GraphRoute(
            HttpMethods.Post,
            $"{row.Parent}/{name}",
            operation,
            row.Subject,
            offered,
            handle,
            source
        ));
    }
}
