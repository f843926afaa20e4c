using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A device or a network noticed where a person works today.</summary>
/// <remarks>
/// <para>Route: POST /me/presence/setAutomaticLocation, also under /users/{id}/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: none.</para>
/// <para>Body: workLocationType (office, remote, timeOff), placeId (optional, up to 256 characters). It holds until
/// the end of the day in the person's time zone.</para>
/// <para>Answers: 200 empty on v1.0, 204 on beta; 400; 401; 403; 404; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-setautomaticlocation</para>
/// </remarks>
public static class SetAutomaticLocation
{
    public static ValueTask<Refusal?> Handle(GraphCall call) =>
        LocationBody.HandleAsync(
            call,
            signal => new Engine.SetAutomaticLocation(signal.Type, signal.PlaceId, signal.ExpiresAt)
        );
}
