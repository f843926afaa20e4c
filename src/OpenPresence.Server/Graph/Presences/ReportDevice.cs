using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A person's device says what it shows, and that it is alive: a softphone, a PBX, a desk.</summary>
/// <remarks>
/// <para>Route: PUT /users/{id}/presence/devices/{deviceId}, also under /me/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: availability and activity (any pair that can be read, e.g. Busy/InACall), expirationDuration
/// (ISO 8601, PT10S to P1D, default PT5M): the session ends unless another heartbeat comes by then.</para>
/// <para>Answers: 204; 400 naming each member at fault, or an id that is no GUID; 401; 403, also when the person
/// has as many sessions as can be; 404 no person of that id; 429; 503.</para>
/// <para>Source: docs/own-routes.md#devices</para>
/// </remarks>
public static class ReportDevice
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        if (DeviceKey.Read(call, out var deviceId) is { } noKey)
        {
            return noKey;
        }
        var (body, refusal) = await ActionBody.ReadAsync(call);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            var members = body.Members("availability", "activity", "expirationDuration");
            var pair = PairBody.Pair(
                body,
                body.Text(members[0], "availability"),
                body.Text(members[1], "activity"),
                PairUses.Read
            );
            var duration = PairBody.Duration(
                body,
                body.Text(members[2], "expirationDuration"),
                EngineLimits.DeviceDurationDefault,
                EngineLimits.DeviceDurationMin,
                EngineLimits.DeviceDurationMax
            );
            return body.Refusal
                ?? await PresenceWrite.ExecuteAsync(
                    call,
                    new Engine.ReportDevice(deviceId, pair, duration),
                    StatusCodes.Status204NoContent
                );
        }
    }
}
