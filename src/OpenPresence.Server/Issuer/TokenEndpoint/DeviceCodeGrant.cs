using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// A device asks whether its person has signed it in.
/// </summary>
internal static class DeviceCodeGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (call.Parameters.Require("device_code", out var text) is { } missing)
        {
            return missing;
        }

        if (!call.Issuer.Devices.TryGet(text, out var device))
        {
            return new(IssuerError.DeviceCodeUnknown);
        }

        if (device.EndsAt <= call.Now)
        {
            return new(IssuerError.DeviceCodeEnded);
        }

        if (device.ClientId != client.Application.ClientId)
        {
            return new(IssuerError.CodeOfAnotherClient);
        }

        if (device.Decision is not DeviceDecision.Approved)
        {
            return new(
                device.Decision is DeviceDecision.Denied ? IssuerError.DeviceDeclined : IssuerError.DevicePending
            );
        }

        var (person, scope) = (device.PersonId, device.Scope);
        if (PersonTokens.Prepare(call, client, person, scope, scope, out var answer) is { } barred)
        {
            return barred;
        }

        if (!call.Issuer.Devices.TryRedeem(text))
        {
            return new(IssuerError.CodeRedeemed);
        }

        var grant = await PersonGrant.NewAsync(call, device.TenantId, person, device.ClientId, scope);
        await answer!.WriteAsync(call, grant);
        return null;
    }
}
