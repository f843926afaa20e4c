using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Everything that came in by a person's calendar is dropped.</summary>
/// <remarks>
/// <para>Route: DELETE /users/{id}/presence/calendar, also under /me/presence and /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: none.</para>
/// <para>Answers: 204, also when there was no calendar; 401; 403; 404 no person of that id; 429; 503.</para>
/// <para>Source: docs/own-routes.md#calendar</para>
/// </remarks>
public static class ClearCalendar
{
    public static ValueTask<Refusal?> Handle(GraphCall call) =>
        PresenceWrite.ExecuteAsync(call, new Engine.SetCalendar([]), StatusCodes.Status204NoContent);
}
