using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// A device asks whether its person has signed it in. While nobody has, no change is appended:
/// devices poll every few seconds.
/// </summary>
internal static class DeviceCodeGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (call.Parameters.Require("device_code", out var text) is { } missing)
        {
            return missing;
        }

        var digest = SecretDigest.Of(text);
        if (await GrantLookup.FindAsync(call, state => state.FindDeviceCode(digest, call.Now)) is not { } device)
        {
            return Unknown(call, text);
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

        if (
            PersonTokens.Prepare(call, client, device.PersonId, device.Scope, device.Scope, out var answer) is
            { } barred
        )
        {
            return barred;
        }

        var outcome = await call.Issuer.Grants.CommitAsync(
            new DeviceCodeRedeemed(digest, answer!.MakeRefreshToken(call)),
            call.Cancel
        );
        if (outcome is not GrantOutcome.Done)
        {
            return outcome is GrantOutcome.AlreadyRedeemed ? new(IssuerError.CodeRedeemed) : Unknown(call, text);
        }

        await answer.WriteAsync(call);
        return null;
    }

    private static IssuerRefusal Unknown(IssuerCall call, string text) =>
        new(OpaqueSecret.SaysEnded(text, call.Now) ? IssuerError.DeviceCodeEnded : IssuerError.DeviceCodeUnknown);
}
