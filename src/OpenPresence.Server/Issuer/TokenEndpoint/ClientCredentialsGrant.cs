using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// An application on its own behalf. The answer has exactly the four members that Entra ID sends.
/// </summary>
internal static class ClientCredentialsGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (TenantInPath.IsAny(call.Argument))
        {
            return new(IssuerError.TenantNotNamed, Quoted.Of(call.Argument));
        }

        if (client.AuthenticationClass == ClientIdentity.Public)
        {
            return new(IssuerError.SecretMissing);
        }

        if (call.Parameters.Require("scope", out var text) is { } missing)
        {
            return missing;
        }

        if (ScopeRequest.Parse(call, client.Tenant, text, out var scope) is { } malformed)
        {
            return malformed;
        }

        // MSAL for Go and for Java add openid, profile and offline_access to every request: for an
        // application they mean nothing.
        if (!scope!.IsDefault)
        {
            return new(IssuerError.ScopeNotDefault, Quoted.Of(text));
        }

        var key = await call.Issuer.Keys.CurrentAsync(call.Cancel);
        var token = AccessToken.ForApplication(call, key, client, scope.Resource);
        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json => TokenAnswer.WriteAccessToken(json, call, token, scope.Resource)
        );
        return null;
    }
}
