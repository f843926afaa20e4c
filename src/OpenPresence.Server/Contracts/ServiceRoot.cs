using System.Collections.Concurrent;
using System.Text;

namespace OpenPresence.Server.Contracts;

/// <summary>
/// Where the links of an answer begin, in the bytes in which answers use it: <c>https://host/v1.0</c>.
/// </summary>
public sealed class ServiceRoot(string url)
{
    /// <summary>Without a slash at the end.</summary>
    public string Url { get; } = url;

    /// <summary>The opening of one presence, up to the owner's id in the context.</summary>
    public byte[] UserPresenceOpening { get; } =
        Encoding.UTF8.GetBytes($$"""{"@odata.context":"{{url}}/$metadata#users('""");

    /// <summary>The whole context of <c>/communications/presences/{id}</c>.</summary>
    public byte[] CommunicationsOpening { get; } =
        Encoding.UTF8.GetBytes($$"""{"@odata.context":"{{url}}/$metadata#communications/presences/$entity",""");

    /// <summary>The opening of a page of the collection.</summary>
    public byte[] ListOpening { get; } =
        Encoding.UTF8.GetBytes($$"""{"@odata.context":"{{url}}/$metadata#communications/presences","value":[""");

    /// <summary>The opening of a bulk answer.</summary>
    public byte[] BulkOpening { get; } =
        Encoding.UTF8.GetBytes(
            $$"""{"@odata.context":"{{url}}/$metadata#Collection(microsoft.graph.presence)","value":["""
        );
}

/// <summary>
/// The service roots by the host name that clients use. A client reaches one server by several names (the
/// plain port, the TLS port, a container's name), and pages of a list must lead back to the same name.
/// </summary>
/// <param name="publicUrl">Wins over what the request says; null: the request's host.</param>
public sealed class ServiceRoots(Uri? publicUrl)
{
    /// <summary>Host names are the callers' to choose, so the memory for them is bounded.</summary>
    public const int RootsMax = 256;

    private readonly ConcurrentDictionary<(string Scheme, string Host, bool Beta), ServiceRoot> roots = new();

    public ServiceRoot Of(HttpRequest request, bool isBeta)
    {
        var key = (request.Scheme, request.Host.Value ?? "localhost", isBeta);
        if (roots.TryGetValue(key, out var root))
        {
            return root;
        }
        root = new ServiceRoot(BaseUrl(request) + (isBeta ? "/beta" : "/v1.0"));
        if (roots.Count < RootsMax)
        {
            roots.TryAdd(key, root);
        }
        return root;
    }

    /// <summary>Scheme and host without a slash at the end.</summary>
    public string BaseUrl(HttpRequest request) =>
        publicUrl is null ? $"{request.Scheme}://{Quoted(request.Host.Value)}" : publicUrl.AbsoluteUri.TrimEnd('/');

    /// <summary>A Host header is the caller's: nothing in it may end the JSON string it is put into.</summary>
    private static string Quoted(string? host) =>
        host is { Length: > 0 } && host.AsSpan().IndexOfAnyExcept(HostChars) < 0 ? host : "localhost";

    private static readonly System.Buffers.SearchValues<char> HostChars = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]"
    );
}
