using System.Diagnostics.CodeAnalysis;
using OpenPresence.Engine;

namespace OpenPresence.Server.Issuer;

/// <summary>What a person decided about a device.</summary>
internal enum DeviceDecision : byte
{
    Pending,
    Approved,
    Denied,
}

/// <summary>A device's wish to be signed in.</summary>
/// <param name="DeviceCode">What the device polls with.</param>
/// <param name="UserCode">What the person types.</param>
/// <param name="ClientId">The application.</param>
/// <param name="TenantId">Whose people may approve.</param>
/// <param name="Scope">The scopes as they were asked for.</param>
/// <param name="EndsAt">When it ends.</param>
internal sealed record PendingDevice(
    string DeviceCode,
    string UserCode,
    Guid ClientId,
    Guid TenantId,
    string Scope,
    Instant EndsAt
)
{
    public DeviceDecision Decision { get; init; }

    /// <summary>Who approved.</summary>
    public Guid PersonId { get; init; }

    /// <summary>Whether the device has collected its tokens.</summary>
    public bool IsRedeemed { get; init; }
}

/// <summary>
/// The devices that wait to be signed in, by both codes. In memory, on each node for itself: a code is short enough to be
/// typed, so it can say nothing itself, and it lives for a quarter of an hour.
/// </summary>
internal sealed class PendingDevices
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, PendingDevice> _byDeviceCode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PendingDevice> _byUserCode = new(StringComparer.Ordinal);
    private readonly Queue<PendingDevice> _order = [];

    /// <summary>Adds one; full, the oldest makes way. What has ended stays for a while, so that it can be called so.</summary>
    public void Add(PendingDevice device, Instant now)
    {
        lock (_changing)
        {
            while (
                _order.TryPeek(out var oldest)
                && (
                    oldest.EndsAt + IssuerLimits.DeviceCodeLifetime <= now
                    || _order.Count >= IssuerLimits.DeviceCodesMax
                )
            )
            {
                _order.Dequeue();
                _byDeviceCode.Remove(oldest.DeviceCode);
                _byUserCode.Remove(oldest.UserCode);
            }

            _order.Enqueue(device);
            Put(device);
        }
    }

    /// <summary>The device of that code, also one that has ended.</summary>
    public bool TryGet(string deviceCode, [NotNullWhen(true)] out PendingDevice? device)
    {
        lock (_changing)
        {
            return _byDeviceCode.TryGetValue(deviceCode, out device);
        }
    }

    /// <summary>The device that a person may decide about now.</summary>
    public bool TryGetUndecided(string userCode, Instant now, [NotNullWhen(true)] out PendingDevice? device)
    {
        lock (_changing)
        {
            return _byUserCode.TryGetValue(userCode, out device)
                && device.Decision is DeviceDecision.Pending
                && device.EndsAt > now;
        }
    }

    /// <summary>A person decided, null: said no. False: too late, or another person was first.</summary>
    public bool TryDecide(string userCode, Guid? approvedBy, Instant now)
    {
        lock (_changing)
        {
            if (!TryGetUndecided(userCode, now, out var device))
            {
                return false;
            }

            Put(
                device with
                {
                    Decision = approvedBy is null ? DeviceDecision.Denied : DeviceDecision.Approved,
                    PersonId = approvedBy ?? default,
                }
            );
            return true;
        }
    }

    /// <summary>The device collects its tokens; false: it has before.</summary>
    public bool TryRedeem(string deviceCode)
    {
        lock (_changing)
        {
            if (!_byDeviceCode.TryGetValue(deviceCode, out var device) || device.IsRedeemed)
            {
                return false;
            }

            Put(device with { IsRedeemed = true });
            return true;
        }
    }

    private void Put(PendingDevice device) => _byDeviceCode[device.DeviceCode] = _byUserCode[device.UserCode] = device;
}
