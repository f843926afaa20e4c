using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// A middle tier got a person's token for itself, and wants one for Graph in that person's name.
/// </summary>
/// <remarks>
/// The token must be for the very application that shows it: otherwise whoever gets hold of any
/// token could turn it into one for everything. A token for Graph is therefore no assertion,
/// although it is a token of ours.
/// </remarks>
internal static class OnBehalfOfGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (client.AuthenticationClass == ClientIdentity.Public)
        {
            return new(IssuerError.SecretMissing);
        }

        if (call.Parameters["requested_token_use"] != "on_behalf_of")
        {
            return new(IssuerError.OnBehalfOfUse);
        }

        if (
            (
                call.Parameters.Require("assertion", out var assertion)
                ?? call.Parameters.Require("scope", out var scope)
            ) is
            { } missing
        )
        {
            return missing;
        }

        if (!OwnToken.IsToken(assertion))
        {
            return new(IssuerError.AssertionMalformed, "the assertion cannot be read.");
        }

        var token = await OwnToken.ReadAsync(call, assertion, Jwt.TokenType);
        if (Check(client, token) is { } unfit)
        {
            return unfit;
        }

        scope = call.Parameters["scope"]!;
        if (PersonTokens.Prepare(call, client, token!.PersonId, scope, "", out var answer) is { } barred)
        {
            return barred;
        }

        var grant = await PersonGrant.NewAsync(
            call,
            token.TenantId,
            token.PersonId,
            client.Application.ClientId,
            scope
        );
        await answer!.WriteAsync(call, grant);
        return null;
    }

    private static IssuerRefusal? Check(ClientIdentity client, OwnToken? token)
    {
        var id = client.Application.ClientId.ToString();
        if (token is null)
        {
            return new(IssuerError.OnBehalfOfSignature);
        }

        if (token.HasEnded)
        {
            return new(IssuerError.OnBehalfOfTime);
        }

        if (token.Audience != id)
        {
            return new(IssuerError.OnBehalfOfAudience, id);
        }

        // Neither an application's own token nor an id token has scopes.
        if (token.Scopes is null)
        {
            return new(IssuerError.OnBehalfOfApplication);
        }

        return token.TenantId == client.Tenant.Id ? null : new(IssuerError.CodeOfAnotherTenant);
    }
}
