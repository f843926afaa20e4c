using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Drops the automatic signal of where a person works.</summary>
/// <remarks>
/// <para>Route: POST /me/presence/clearAutomaticLocation, also under /users/{id}/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: none.</para>
/// <para>Body: none or {}.</para>
/// <para>Answers: 200 empty on v1.0, 204 on beta; 400; 401; 403; 404; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-clearautomaticlocation</para>
/// </remarks>
public static class ClearAutomaticLocation
{
    public static ValueTask<Refusal?> Handle(GraphCall call) =>
        PresenceAction.CarryOutAsync(call, new Engine.ClearAutomaticLocation(), PresenceWrite.LocationStatus(call));
}
