using System.Collections.Frozen;

namespace OpenPresence.Server.Identity;

/// <summary>
/// The values of <c>aud</c> that mean this server. A token for another API is refused even when
/// everything else about it is good: whoever runs that API could otherwise use it here.
/// </summary>
public sealed class Audiences
{
    /// <summary>The application id of Microsoft Graph, the same in every cloud.</summary>
    public const string GraphApplicationId = "00000003-0000-0000-c000-000000000000";

    /// <summary>What tokens for Microsoft Graph name, in the clouds of graph-presence.md 6.6.</summary>
    public static IReadOnlyList<string> Graph { get; } =
    [
        "https://graph.microsoft.com",
        GraphApplicationId,
        "https://graph.microsoft.us",
        "https://dod-graph.microsoft.us",
        "https://microsoftgraph.chinacloudapi.cn",
    ];

    private readonly FrozenSet<string> _exact;
    private readonly FrozenSet<string> _hosts;

    /// <param name="exact">Compared letter by letter, but for one slash at the end.</param>
    /// <param name="hosts">
    /// Own host names: <c>http(s)://{host}</c> is accepted with any port, because Graph SDKs ask for
    /// <c>{scheme}://{host}/.default</c> of whatever base URL they were given, some without its port.
    /// </param>
    public Audiences(IEnumerable<string> exact, IEnumerable<string> hosts)
    {
        _exact = exact.Select(TrimSlash).ToFrozenSet(StringComparer.Ordinal);
        _hosts = hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Accepted = string.Join(", ", exact);
    }

    /// <summary>The accepted values, for the message of a refusal.</summary>
    public string Accepted { get; }

    /// <summary>Whether that value means this server.</summary>
    public bool Contains(string audience) =>
        _exact.Contains(TrimSlash(audience))
        || (
            _hosts.Count > 0
            && Uri.TryCreate(audience, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.PathAndQuery == "/"
            && uri.UserInfo.Length == 0
            && uri.Fragment.Length == 0
            && _hosts.Contains(uri.Host)
        );

    // Entra ID copies the slash of a scope such as https://graph.microsoft.com//.default into aud.
    private static string TrimSlash(string audience) => audience.EndsWith('/') ? audience[..^1] : audience;
}
