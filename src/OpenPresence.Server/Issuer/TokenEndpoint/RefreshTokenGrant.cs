using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// Redeems a refresh token; a younger one is handed out each time. The one that was used stays valid, as Entra ID's do; where
/// the settings want rotation, it ends shortly afterwards, and with it the sign-in if it is used again.
/// </summary>
internal static class RefreshTokenGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (call.Parameters.Require("refresh_token", out var text) is { } missing)
        {
            return missing;
        }

        if (await PersonGrant.OpenRefreshTokenAsync(call, text) is not { } grant)
        {
            return new(IssuerError.RefreshTokenUnknown);
        }

        if (grant.EndsAt <= call.Now)
        {
            return new(IssuerError.RefreshTokenEnded);
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
        if (PersonTokens.Prepare(call, client, grant.PersonId, scope, grant.Scope, out var answer) is { } barred)
        {
            return barred;
        }

        if (call.Issuer.Settings.RotatesRefreshTokens && await UseAsync(call, grant) is { } used)
        {
            return used;
        }

        await answer!.WriteAsync(call, grant, isRenewed: true);
        return null;
    }

    private static async ValueTask<IssuerRefusal?> UseAsync(IssuerCall call, PersonGrant grant)
    {
        if (call.Issuer.RefreshTokenUses.Add(grant.Id, grant.EndsAt, call.Now) is not { } use)
        {
            return new(IssuerError.RefreshTokenUnknown);
        }

        if (use.Count == 1 || call.Now < use.FirstAt + IssuerLimits.RefreshTokenReuseGrace)
        {
            return null;
        }

        await call.Issuer.RevokeAsync(grant.SessionId);
        return new(IssuerError.RefreshTokenReused);
    }
}
