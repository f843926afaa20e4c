using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Issuer.Metadata;

/// <summary>What discovery documents say of a cloud beside its host names.</summary>
/// <param name="Instance"><c>cloud_instance_name</c>.</param>
/// <param name="OldGraphHost"><c>cloud_graph_host_name</c>: of Azure AD Graph, which is no
/// more.</param>
/// <param name="RbacUrl"><c>rbac_url</c>.</param>
/// <param name="Region"><c>tenant_region_scope</c>.</param>
internal sealed record CloudNames(string Instance, string OldGraphHost, string RbacUrl, string Region)
{
    private static readonly CloudNames Global = new(
        "microsoftonline.com",
        "graph.windows.net",
        "https://pas.windows.net",
        "WW"
    );

    private static readonly CloudNames Us = new(
        "microsoftonline.us",
        "graph.windows.net",
        "https://pasff.usgovcloudapi.net",
        "USGov"
    );

    private static readonly CloudNames China = new(
        "partner.microsoftonline.cn",
        "graph.chinacloudapi.cn",
        "https://pas.chinacloudapi.cn",
        "CN"
    );

    public static CloudNames Of(CloudHosts cloud) =>
        cloud.Cloud switch
        {
            Cloud.UsL4 or Cloud.UsL5 => Us,
            Cloud.China => China,
            _ => Global,
        };
}
