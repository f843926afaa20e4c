using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.Metadata;

/// <summary>
/// <c>GET /common/discovery/instance</c>: MSAL asks the login host it knows whether the authority
/// it was given is a real one. Here the real ones are the hosts of this server and, in drop-in
/// mode, the clouds' own.
/// </summary>
internal static class InstanceDiscovery
{
    private const string ApiVersion = "1.1";

    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (call.Parameters.Require("authorization_endpoint", out var endpoint) is { } missing)
        {
            return missing;
        }

        if (
            !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            || uri.Scheme != Uri.UriSchemeHttps
            || uri.Segments.Length < 2
            || !IsKnown(call, uri.Host)
        )
        {
            return new(IssuerError.InstanceUnknown);
        }

        var tenant = uri.Segments[1].Trim('/');
        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteString(
                    "tenant_discovery_endpoint",
                    $"https://{uri.Authority}/{tenant}/v2.0/.well-known/openid-configuration"
                );
                json.WriteString("api-version", ApiVersion);
                json.WriteStartArray("metadata");
                foreach (var row in Clouds.Rows.Where(IsFirstOfItsLogin))
                {
                    WriteNetwork(json, row.LoginHosts[0], Aliases(row));
                }

                if (!IsLoginHost(uri.Host))
                {
                    // Some clients compare with the port, some without.
                    string[] names = uri.Authority == uri.Host ? [uri.Host] : [uri.Authority, uri.Host];
                    WriteNetwork(json, uri.Authority, names);
                }

                json.WriteEndArray();
            }
        );
        return null;
    }

    private static string[] Aliases(CloudHosts row) =>
        row.Cloud is Cloud.Global ? [.. row.LoginHosts, row.StsHost] : row.LoginHosts;

    /// <summary>US L4 and L5 share their login host.</summary>
    private static bool IsFirstOfItsLogin(CloudHosts row) =>
        Clouds.Rows.First(other => other.LoginHosts[0] == row.LoginHosts[0]) == row;

    private static bool IsKnown(IssuerCall call, string host) =>
        IsLoginHost(host)
        || host.Equals(call.Http.Request.Host.Host, StringComparison.OrdinalIgnoreCase)
        || host.Equals(call.Issuer.Settings.PublicUrl?.Host, StringComparison.OrdinalIgnoreCase)
        || call.Issuer.Settings.OwnHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsLoginHost(string host) =>
        Clouds.Rows.Any(row => row.LoginHosts.Contains(host, StringComparer.OrdinalIgnoreCase));

    private static void WriteNetwork(Utf8JsonWriter json, string preferred, string[] aliases)
    {
        json.WriteStartObject();
        json.WriteString("preferred_network", preferred);
        json.WriteString("preferred_cache", preferred);
        json.WriteStrings("aliases", aliases);
        json.WriteEndObject();
    }
}
