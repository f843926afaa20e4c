using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A person goes back to what the sessions say.</summary>
/// <remarks>
/// <para>Route: POST /users/{id}/presence/clearUserPreferredPresence, also under /me/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: none or {}.</para>
/// <para>Answers: 200 empty, also when nothing was chosen; 400; 401; 403; 404; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-clearuserpreferredpresence</para>
/// </remarks>
public static class ClearUserPreferredPresence
{
    public static ValueTask<Refusal?> Handle(GraphCall call) =>
        PresenceAction.CarryOutAsync(call, new Engine.ClearUserPreferredPresence());
}
