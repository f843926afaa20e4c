using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// Redeems a refresh token. It stays valid, as Entra ID's do; in the second half of its life a younger one is handed out
/// beside it. Where the settings want rotation, a new one takes its place at each use.
/// </summary>
internal static class RefreshTokenGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (call.Parameters.Require("refresh_token", out var text) is { } missing)
        {
            return missing;
        }

        var digest = SecretDigest.Of(text);
        if (await GrantLookup.FindAsync(call, state => state.FindRefreshToken(digest, call.Now)) is not { } token)
        {
            return Unknown(call, text);
        }

        var grant = token.Grant;
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

        if (Successor(call, token, digest, answer!) is not { } successor)
        {
            answer!.KeepRefreshToken(text);
        }
        else if (await call.Issuer.Grants.CommitAsync(successor, call.Cancel) is var outcome and not GrantOutcome.Done)
        {
            return outcome is GrantOutcome.AlreadyRedeemed ? new(IssuerError.RefreshTokenReused) : Unknown(call, text);
        }

        await answer!.WriteAsync(call);
        return null;
    }

    /// <summary>The change that hands out another refresh token; null: the one that was used will do.</summary>
    private static GrantChange? Successor(
        IssuerCall call,
        FoundRefreshToken token,
        SecretDigest digest,
        TokenAnswer answer
    ) =>
        call.Issuer.Settings.RotatesRefreshTokens ? new RefreshTokenRedeemed(digest, answer.MakeSuccessor(call))
        : token.ExpiresAt - call.Now < IssuerLimits.RefreshTokenLifetime / 2
            ? new RefreshTokenIssued(token.Grant, answer.MakeSuccessor(call))
        : null;

    private static IssuerRefusal Unknown(IssuerCall call, string text) =>
        new(OpaqueSecret.SaysEnded(text, call.Now) ? IssuerError.RefreshTokenEnded : IssuerError.RefreshTokenUnknown);
}
