using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>Redeems a refresh token; a new one takes its place.</summary>
internal static class RefreshTokenGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (call.Parameters.Require("refresh_token", out var text) is { } missing)
        {
            return missing;
        }

        var digest = SecretDigest.Of(text);
        if (await GrantLookup.FindAsync(call, state => state.FindRefreshToken(digest, call.Now)) is not { } grant)
        {
            return Unknown(call, text);
        }

        if (grant.ClientId != client.Application.ClientId)
        {
            return new(IssuerError.CodeOfAnotherClient);
        }

        if (grant.TenantId != client.Tenant.Id)
        {
            return new(IssuerError.CodeOfAnotherTenant);
        }

        var scope = call.Parameters["scope"] ?? grant.Scope;
        if (PersonTokens.Prepare(call, client, grant.PersonId, scope, out var answer) is { } barred)
        {
            return barred;
        }

        var outcome = await call.Issuer.Grants.CommitAsync(
            new RefreshTokenRedeemed(digest, answer!.MakeSuccessor(call)),
            call.Cancel
        );
        if (outcome is not GrantOutcome.Done)
        {
            return outcome is GrantOutcome.AlreadyRedeemed ? new(IssuerError.RefreshTokenReused) : Unknown(call, text);
        }

        await answer.WriteAsync(call);
        return null;
    }

    private static IssuerRefusal Unknown(IssuerCall call, string text) =>
        new(OpaqueSecret.SaysEnded(text, call.Now) ? IssuerError.RefreshTokenEnded : IssuerError.RefreshTokenUnknown);
}
