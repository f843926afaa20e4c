using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A person's device signs off.</summary>
/// <remarks>
/// <para>Route: DELETE /users/{id}/presence/devices/{deviceId}, also under /me/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: none.</para>
/// <para>Answers: 204; 400 an id that is no GUID; 401; 403; 404 no person of that id, or no such session; 429;
/// 503.</para>
/// <para>Source: docs/own-routes.md#devices</para>
/// </remarks>
public static class RemoveDevice
{
    public static async ValueTask<Refusal?> Handle(GraphCall call) =>
        DeviceKey.Read(call, out var deviceId) is { } refusal
            ? refusal
            : await PresenceWrite.ExecuteAsync(call, new Engine.RemoveDevice(deviceId), StatusCodes.Status204NoContent);
}
