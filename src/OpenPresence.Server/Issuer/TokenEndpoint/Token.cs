using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// <c>POST /{tenant}/oauth2/v2.0/token</c>: finds out which application asks, and lets the grant's
/// file answer.
/// </summary>
internal static class Token
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (call.Parameters.Require("grant_type", out var type) is { } missing)
        {
            return missing;
        }

        if (GrantTypes.Find(type) is not { } grant)
        {
            return new(IssuerError.GrantUnknown, Quoted.Of(type));
        }

        if (TenantInPath.Resolve(call, out _) is { } unknown)
        {
            return unknown;
        }

        if (!call.Issuer.Settings.SignsPeopleIn && grant is not GrantType.ClientCredentials)
        {
            return new(IssuerError.SignInOff);
        }

        if (ClientAuthentication.Authenticate(call, out var client) is { } stranger)
        {
            return stranger;
        }

        return CallerOrigin.Check(call, client!) ?? await AnswerAsync(call, client!, grant);
    }

    private static ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client, GrantType grant) =>
        grant switch
        {
            GrantType.ClientCredentials => ClientCredentialsGrant.AnswerAsync(call, client),
            GrantType.AuthorizationCode => AuthorizationCodeGrant.AnswerAsync(call, client),
            GrantType.RefreshToken => RefreshTokenGrant.AnswerAsync(call, client),
            GrantType.DeviceCode => DeviceCodeGrant.AnswerAsync(call, client),
            GrantType.Password => PasswordGrant.AnswerAsync(call, client),
            GrantType.OnBehalfOf => OnBehalfOfGrant.AnswerAsync(call, client),
            _ => throw new ArgumentOutOfRangeException(nameof(grant)),
        };
}
