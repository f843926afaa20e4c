using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Keys;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// Tells an application who signed in (OpenID Connect), in the shape of Entra ID, of the version of the endpoint.
/// </summary>
internal static class IdToken
{
    /// <param name="call">The request.</param>
    /// <param name="key">Signs it.</param>
    /// <param name="application">Whom it is for.</param>
    /// <param name="person">Who signed in.</param>
    /// <param name="openIdNames">Of openid, profile and email those that were asked for.</param>
    /// <param name="nonce">Repeated from the request; null: there was none.</param>
    /// <param name="code">The code that is sent beside it; null: none.</param>
    public static string Make(
        IssuerCall call,
        SigningKey key,
        Application application,
        Person person,
        IReadOnlyCollection<string> openIdNames,
        string? nonce,
        string? code = null
    ) =>
        Jwt.Sign(
            key,
            Jwt.TokenType,
            json =>
            {
                json.WriteString("aud", application.ClientId);
                var isV1 = call.Route.IsVersionOne;
                json.WriteString(
                    "iss",
                    isV1 ? AccessToken.IssuerV1(call, person.TenantId) : AccessToken.IssuerV2(call, person.TenantId)
                );
                AccessToken.WriteLifetime(json, call);
                if (code is not null)
                {
                    json.WriteString("c_hash", HalfHash(code));
                }

                if (openIdNames.Contains("email", StringComparer.Ordinal))
                {
                    json.WriteString("email", person.Mail ?? person.UserPrincipalName);
                }

                json.WriteString("name", person.DisplayName);
                if (nonce is not null)
                {
                    json.WriteString("nonce", nonce);
                }

                json.WriteString("oid", person.Id);
                if (!isV1)
                {
                    json.WriteString("preferred_username", person.UserPrincipalName);
                }

                json.WriteString("sub", AccessToken.SubjectOf(person, application));
                json.WriteString("tid", person.TenantId);
                if (isV1)
                {
                    json.WriteString("unique_name", person.UserPrincipalName);
                    json.WriteString("upn", person.UserPrincipalName);
                }

                json.WriteString("ver", isV1 ? "1.0" : "2.0");
            }
        );

    /// <summary>The left half of the SHA-256 (OpenID Connect 3.3.2.11).</summary>
    private static string HalfHash(string text) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 16));
}
