using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Drops the manual and the automatic signal of where a person works; the scheduled one shows.</summary>
/// <remarks>
/// <para>Route: POST /me/presence/clearLocation, also under /users/{id}/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: none.</para>
/// <para>Body: none or {}.</para>
/// <para>Answers: 200 empty on v1.0, 204 on beta; 400; 401; 403; 404; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-clearlocation</para>
/// </remarks>
public static class ClearLocation
{
    public static ValueTask<Refusal?> Handle(GraphCall call) =>
        PresenceAction.CarryOutAsync(call, new Engine.ClearLocation(), PresenceWrite.LocationStatus(call));
}
