using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// <c>POST /{tenant}/oauth2/v2.0/token</c>: finds out which application asks, and lets the grant's
/// file answer.
/// </summary>
internal static class Token
{
    private const string DeviceCodeUrn = "urn:ietf:params:oauth:grant-type:device_code";
    private const string OnBehalfOfUrn = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (call.Parameters.Require("grant_type", out var type) is { } missing)
        {
            return missing;
        }

        if (FindGrant(type) is not { } grant)
        {
            return new(IssuerError.GrantUnknown, Quoted.Of(type));
        }

        if (TenantInPath.Resolve(call, out _) is { } unknown)
        {
            return unknown;
        }

        if (!call.Issuer.Settings.SignsPeopleIn && grant != ClientCredentialsGrant.AnswerAsync)
        {
            return new(IssuerError.SignInOff);
        }

        if (ClientAuthentication.Authenticate(call, out var client) is { } stranger)
        {
            return stranger;
        }

        return CallerOrigin.Check(call, client!) ?? await grant(call, client!);
    }

    private static Func<IssuerCall, ClientIdentity, ValueTask<IssuerRefusal?>>? FindGrant(string type) =>
        // The official SDKs for PHP and Ruby write "Oauth" into these names.
        (type.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? type.ToLowerInvariant() : type) switch
        {
            "client_credentials" => ClientCredentialsGrant.AnswerAsync,
            "authorization_code" => AuthorizationCodeGrant.AnswerAsync,
            "refresh_token" => RefreshTokenGrant.AnswerAsync,
            // MSAL.NET sends the short name, the documentation has the long one.
            "device_code" or DeviceCodeUrn => DeviceCodeGrant.AnswerAsync,
            "password" => PasswordGrant.AnswerAsync,
            OnBehalfOfUrn => OnBehalfOfGrant.AnswerAsync,
            _ => null,
        };
}
