using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>
/// The addresses under which this server is known to its clients, for absolute URLs inside of a batch. Graph refuses
/// every absolute URL (R); SDKs send them all the same (the one for Java up to version 5 always, those for Go and
/// Python after a certain order of calls), and what such a URL means is beyond doubt when it begins with the address
/// of the batch.
/// </summary>
internal sealed class BatchOrigins
{
    private readonly string[] origins;
    private readonly string version;

    private BatchOrigins(string version, params string[] origins) => (this.version, this.origins) = (version, origins);

    /// <summary>Of a batch: the public address, the host that was asked, and Graph's own host in the batch's cloud.</summary>
    public static BatchOrigins Of(GraphCall batch) =>
        new(
            batch.IsBeta ? "beta" : "v1.0",
            batch.Server.Roots.BaseUrl(batch.Http.Request),
            $"{batch.Http.Request.Scheme}://{batch.Http.Request.Host}",
            $"https://{Clouds.Of(batch.Cloud).GraphHost}"
        );

    /// <summary>The URL relative to the version; null and what is wrong when it leads elsewhere.</summary>
    public string? TryMakeRelative(string url, out string fault)
    {
        fault = "";
        var path = url.Split('?', 2)[0];
        if (!path.Contains("://", StringComparison.Ordinal) && !path.StartsWith("//", StringComparison.Ordinal))
        {
            return url;
        }
        var origin = Array.Find(origins, known => IsBelow(url, known));
        if (origin is null)
        {
            fault =
                $"Leads to another host, {HostOf(path)}. A URL is relative to the version, for example /me/presence, or "
                + $"begins with {origins[0]}.";
            return null;
        }
        var rest = url[origin.Length..].TrimStart('/');
        var (first, after) = rest.Split('/', 2) is [var f, var a] ? (f, a) : (rest, "");
        if (first.Equals(version, StringComparison.OrdinalIgnoreCase))
        {
            return after;
        }
        if (first is "v1.0" or "beta")
        {
            fault = $"Names the version {first} in a batch of {version}.";
            return null;
        }
        return rest;
    }

    /// <summary>Whether a URL begins with an origin, and the origin ends there.</summary>
    private static bool IsBelow(string url, string origin) =>
        url.StartsWith(origin, StringComparison.OrdinalIgnoreCase)
        && (url.Length == origin.Length || url[origin.Length] is '/' or '?');

    private static string HostOf(string path)
    {
        var host = path[(path.IndexOf("//", StringComparison.Ordinal) + 2)..].Split('/', 2)[0];
        return host.Length <= SubjectCheck.EchoCharsMax ? host : host[..SubjectCheck.EchoCharsMax] + "…";
    }
}
