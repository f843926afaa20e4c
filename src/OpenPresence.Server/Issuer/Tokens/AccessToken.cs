using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Keys;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// Access tokens. Graph's are of version 1.0 even from the v2.0 endpoint (graph-presence.md 6.4),
/// those of the tenant's own applications of version 2.0.
/// </summary>
internal static class AccessToken
{
    private const int UniqueBytes = 16;

    /// <summary>A person's token, through an application.</summary>
    public static string ForPerson(
        IssuerCall call,
        SigningKey key,
        ClientIdentity client,
        Person person,
        GrantedScopes scopes
    ) =>
        Jwt.Sign(
            key,
            Jwt.TokenType,
            json =>
            {
                var isV1 = scopes.Request.Resource.IsGraph;
                WriteHead(json, call, scopes.Request.Resource, client);
                json.WriteString("idtyp", "user");
                json.WriteString("name", person.DisplayName);
                WriteOptional(json, "given_name", person.GivenName);
                WriteOptional(json, "family_name", person.Surname);
                json.WriteString("oid", person.Id);
                json.WriteString("scp", scopes.Claim);
                json.WriteString("sub", SubjectOf(person, client.Application));
                if (isV1)
                {
                    json.WriteString("unique_name", person.UserPrincipalName);
                    json.WriteString("upn", person.UserPrincipalName);
                }
                else
                {
                    json.WriteString("preferred_username", person.UserPrincipalName);
                }
            },
            hasThumbprint: scopes.Request.Resource.IsGraph
        );

    /// <summary>An application's own token.</summary>
    public static string ForApplication(IssuerCall call, SigningKey key, ClientIdentity client, Resource resource) =>
        Jwt.Sign(
            key,
            Jwt.TokenType,
            json =>
            {
                var application = client.Application;
                WriteHead(json, call, resource, client);
                json.WriteString("idtyp", "app");
                json.WriteString("app_displayname", application.DisplayName);
                json.WriteString("oid", application.ServicePrincipalId);
                json.WriteString("sub", application.ServicePrincipalId);
                if (resource.IsGraph && !application.ApplicationPermissions.IsEmpty)
                {
                    json.WriteStartArray("roles");
                    foreach (var permission in application.ApplicationPermissions)
                    {
                        json.WriteStringValue(permission);
                    }

                    json.WriteEndArray();
                }
            },
            hasThumbprint: resource.IsGraph
        );

    /// <summary>
    /// The person as one application knows it: two applications cannot find out from it that they
    /// have the same person.
    /// </summary>
    public static string SubjectOf(Person person, Application application) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($"{person.Id:D}|{application.ClientId:D}")));

    /// <summary>The name of the tenant as an issuer of version 1.0.</summary>
    public static string IssuerV1(IssuerCall call, Guid tenantId) => $"https://{call.Cloud.StsHost}/{tenantId:D}/";

    /// <summary>The name of the tenant as an issuer of version 2.0.</summary>
    public static string IssuerV2(IssuerCall call, Guid tenantId) => $"{call.BaseUrl}/{tenantId:D}/v2.0";

    private static void WriteHead(Utf8JsonWriter json, IssuerCall call, Resource resource, ClientIdentity client)
    {
        var tenantId = client.Tenant.Id;
        json.WriteString("aud", resource.Audience);
        json.WriteString("iss", resource.IsGraph ? IssuerV1(call, tenantId) : IssuerV2(call, tenantId));
        WriteLifetime(json, call);
        json.WriteString(resource.IsGraph ? "appid" : "azp", client.Application.ClientId);
        json.WriteString(resource.IsGraph ? "appidacr" : "azpacr", client.AuthenticationClass);
        json.WriteString("tid", tenantId);
        json.WriteString("uti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(UniqueBytes)));
        json.WriteString("ver", resource.IsGraph ? "1.0" : "2.0");
    }

    public static void WriteLifetime(Utf8JsonWriter json, IssuerCall call)
    {
        var issuedAt = call.Now.ToDateTimeOffset().ToUnixTimeSeconds();
        json.WriteNumber("iat", issuedAt);
        json.WriteNumber("nbf", issuedAt);
        json.WriteNumber("exp", issuedAt + (long)TokenLimits.Lifetime.TotalSeconds);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
