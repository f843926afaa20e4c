using System.Text.Json;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.Metadata;

/// <summary>
/// <c>GET /{tenant}/v2.0/.well-known/openid-configuration</c>, and without <c>v2.0</c>: where everything is.
/// </summary>
/// <remarks>
/// The addresses begin with the host that the client asked, or the configured one: msal-node and
/// msal-browser refuse an issuer on another host than the authority's. For <c>common</c> and
/// <c>organizations</c> the issuer holds the literal <c>{tenantid}</c>, as Entra ID's does, because
/// it is known only with the token.
/// </remarks>
internal static class Discovery
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (TenantInPath.Resolve(call, out var tenant) is { } unknown)
        {
            return unknown;
        }

        var segment = tenant?.Id.ToString() ?? call.Argument.ToLowerInvariant();
        var root = $"{call.BaseUrl}/{segment}";
        var version = call.Route.IsVersionOne ? "" : "/v2.0";
        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteString("token_endpoint", $"{root}/oauth2{version}/token");
                json.WriteStrings(
                    "token_endpoint_auth_methods_supported",
                    ["client_secret_post", "private_key_jwt", "client_secret_basic"]
                );
                json.WriteString("jwks_uri", $"{root}/discovery{version}/keys");
                json.WriteStrings("response_modes_supported", ["query", "fragment", "form_post"]);
                json.WriteStrings("subject_types_supported", ["pairwise"]);
                json.WriteStrings("id_token_signing_alg_values_supported", ["RS256"]);
                json.WriteStrings("response_types_supported", ["code", "id_token", "code id_token"]);
                json.WriteStrings("scopes_supported", ["openid", "profile", "email", "offline_access"]);
                json.WriteString("issuer", Issuer(call, tenant?.Id.ToString() ?? "{tenantid}"));
                json.WriteBoolean("request_uri_parameter_supported", false);
                json.WriteString("userinfo_endpoint", $"{call.BaseUrl}/oidc/userinfo");
                json.WriteString("authorization_endpoint", $"{root}/oauth2{version}/authorize");
                json.WriteString("device_authorization_endpoint", $"{root}/oauth2{version}/devicecode");
                json.WriteBoolean("http_logout_supported", true);
                json.WriteBoolean("frontchannel_logout_supported", false);
                json.WriteString("end_session_endpoint", $"{root}/oauth2{version}/logout");
                json.WriteStrings("code_challenge_methods_supported", ["plain", "S256"]);
                json.WriteStrings("claims_supported", Claims);
                json.WriteString("kerberos_endpoint", $"{root}/kerberos");
                WriteCloud(json, call, tenant is null);
            }
        );
        return null;
    }

    private static readonly string[] Claims =
    [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "nbf",
        "nonce",
        "preferred_username",
        "name",
        "oid",
        "tid",
        "ver",
        "c_hash",
        "email",
    ];

    /// <summary>Version 1.0 names the issuer of its access tokens.</summary>
    private static string Issuer(IssuerCall call, string tenant) =>
        call.Route.IsVersionOne ? $"https://{call.Cloud.StsHost}/{tenant}/" : $"{call.BaseUrl}/{tenant}/v2.0";

    private static void WriteCloud(Utf8JsonWriter json, IssuerCall call, bool isAnyTenant)
    {
        var names = CloudNames.Of(call.Cloud);
        if (isAnyTenant)
        {
            json.WriteNull("tenant_region_scope");
        }
        else
        {
            json.WriteString("tenant_region_scope", names.Region);
        }

        json.WriteString("cloud_instance_name", names.Instance);
        json.WriteString("cloud_graph_host_name", names.OldGraphHost);
        // Libraries send their token to this host: to Graph's own name only where that leads here too.
        json.WriteString("msgraph_host", call.IsDropIn ? call.Cloud.GraphHost : new Uri(call.BaseUrl).Authority);
        json.WriteString("rbac_url", names.RbacUrl);
    }
}
