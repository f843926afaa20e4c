using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// What an access token is for: Graph, or an application of the tenant (the middle tier of
/// on-behalf-of).
/// </summary>
/// <param name="Key">The same for every spelling of one resource.</param>
/// <param name="Audience"><c>aud</c>.</param>
/// <param name="Name">What permissions' full names begin with when the request did not say.</param>
/// <param name="IsGraph">Graph's tokens are of version 1.0 and its permissions are granted in the
/// directory.</param>
internal sealed record Resource(string Key, string Audience, string Name, bool IsGraph)
{
    private const string ApplicationScheme = "api://";

    /// <summary>The Graph of a cloud, by its usual name.</summary>
    public static Resource Graph(CloudHosts cloud) =>
        new("Microsoft Graph", $"https://{cloud.GraphHost}", $"https://{cloud.GraphHost}", true);

    /// <summary>
    /// The resource of that name; null: there is none. The empty name is Graph's.
    /// </summary>
    public static Resource? Find(IssuerCall call, Tenant tenant, string name)
    {
        var graph = Graph(call.Cloud);
        name = name.TrimEnd('/');
        if (name.Length == 0)
        {
            return graph;
        }

        if (name.Equals(Audiences.GraphApplicationId, StringComparison.OrdinalIgnoreCase))
        {
            // Entra ID, too, repeats whichever of its names was asked for.
            return graph with { Audience = Audiences.GraphApplicationId };
        }

        if (Uri.TryCreate(name, UriKind.Absolute, out var uri) && IsWeb(uri))
        {
            return IsGraphOfThisLogin(call, uri.Host) ? graph with { Audience = $"https://{uri.Host}" }
                : IsOwnHost(call, uri.Host) ? graph
                : null;
        }

        return FindApplication(call, tenant, name);
    }

    private static Resource? FindApplication(IssuerCall call, Tenant tenant, string name)
    {
        var id = name.StartsWith(ApplicationScheme, StringComparison.OrdinalIgnoreCase)
            ? name[ApplicationScheme.Length..]
            : name;
        return
            Guid.TryParseExact(id, "D", out var clientId)
            && call.Issuer.Directory.TryGetApplication(clientId, out var application)
            && application.TenantId == tenant.Id
            ? new(clientId.ToString(), clientId.ToString(), $"{ApplicationScheme}{clientId}", false)
            : null;
    }

    private static bool IsWeb(Uri uri) =>
        (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.PathAndQuery == "/"
        && uri.UserInfo.Length == 0;

    /// <summary>
    /// Two clouds share a login host (US L4 and L5); its tokens are for either Graph.
    /// </summary>
    private static bool IsGraphOfThisLogin(IssuerCall call, string host) =>
        Clouds.Rows.Any(row =>
            row.LoginHosts[0] == call.Cloud.LoginHosts[0]
            && row.GraphHost.Equals(host, StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsOwnHost(IssuerCall call, string host) =>
        host.Equals(call.Http.Request.Host.Host, StringComparison.OrdinalIgnoreCase)
        || host.Equals(call.Issuer.Settings.PublicUrl?.Host, StringComparison.OrdinalIgnoreCase)
        || call.Issuer.Settings.OwnHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
}
