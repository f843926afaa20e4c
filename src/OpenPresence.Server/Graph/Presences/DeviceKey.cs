using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Reads <c>{deviceId}</c>, the key of a device's session: a GUID that the device keeps.</summary>
public static class DeviceKey
{
    /// <summary>The refusal of a key that is no GUID; null: <paramref name="deviceId"/> is it.</summary>
    public static Refusal? Read(GraphCall call, out Guid deviceId) =>
        Guid.TryParseExact(call.InnerKey, "D", out deviceId)
            ? null
            : new Refusal(
                RefusalKind.BadRequest,
                "The device id must be a GUID, one that the device made for itself and keeps."
            )
            {
                Target = "deviceId",
            };
}
