namespace OpenPresence.Server.Contracts;

/// <summary>
/// The national clouds that this server can stand in for: their hosts, which operations each offers and
/// which members its schema has. The setting names one; a request whose Host header is a Graph host of
/// another cloud (drop-in mode) is served as that cloud.
/// Sources: graph-presence.md 1.3 and 6.6 (reference pages, grade D), national-cloud-schema.json (C).
/// </summary>
public enum Cloud : byte
{
    Global,
    UsL4,
    UsL5,
    China,
}

/// <summary>Some of the clouds.</summary>
[Flags]
public enum CloudSet : byte
{
    None = 0,
    Global = 1 << Cloud.Global,
    UsL4 = 1 << Cloud.UsL4,
    UsL5 = 1 << Cloud.UsL5,
    China = 1 << Cloud.China,

    /// <summary>Where presence can be read and set: everywhere but China.</summary>
    Presence = Global | UsL4 | UsL5,
    All = Global | UsL4 | UsL5 | China,
}

/// <summary>The host names of one cloud.</summary>
/// <param name="Cloud">The cloud.</param>
/// <param name="Name">As <c>cloud_instance_name</c> and the setting spell it.</param>
/// <param name="GraphHost">Where its Graph answers.</param>
/// <param name="LoginHosts">Where its tokens come from, the preferred one first.</param>
/// <param name="StsHost">The host of <c>iss</c> in version 1.0 tokens.</param>
public sealed record CloudHosts(Cloud Cloud, string Name, string GraphHost, string[] LoginHosts, string StsHost);

/// <summary>The table of clouds.</summary>
public static class Clouds
{
    /// <summary>One row a cloud, in the order of the enum.</summary>
    public static IReadOnlyList<CloudHosts> Rows { get; } =
    [
        new(
            Cloud.Global,
            "Global",
            "graph.microsoft.com",
            ["login.microsoftonline.com", "login.windows.net"],
            "sts.windows.net"
        ),
        new(Cloud.UsL4, "UsL4", "graph.microsoft.us", ["login.microsoftonline.us"], "sts.windows.net"),
        new(Cloud.UsL5, "UsL5", "dod-graph.microsoft.us", ["login.microsoftonline.us"], "sts.windows.net"),
        new(
            Cloud.China,
            "China",
            "microsoftgraph.chinacloudapi.cn",
            ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
            "sts.chinacloudapi.cn"
        ),
    ];

    /// <summary>The row of a cloud.</summary>
    public static CloudHosts Of(Cloud cloud) => Rows[(int)cloud];

    /// <summary>Whether the set holds the cloud.</summary>
    public static bool Has(this CloudSet set, Cloud cloud) => ((int)set >> (int)cloud & 1) != 0;

    /// <summary>The cloud whose Graph answers on a host name (without port), or the configured one.</summary>
    public static Cloud OfHost(string host, Cloud configured)
    {
        foreach (var row in Rows)
        {
            if (host.Equals(row.GraphHost, StringComparison.OrdinalIgnoreCase))
            {
                return row.Cloud;
            }
        }
        return configured;
    }
}
