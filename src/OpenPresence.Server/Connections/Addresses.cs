namespace OpenPresence.Server.Connections;

/// <summary>Where a server listens, once it does.</summary>
public sealed class Addresses(IEnumerable<string> urls)
{
    private readonly Uri[] all = [.. urls.Select(url => new Uri(url))];

    /// <summary>The plain address; null: there is none.</summary>
    public Uri? Http => Find(Uri.UriSchemeHttp);

    /// <summary>The address over TLS; null: there is none.</summary>
    public Uri? Https => Find(Uri.UriSchemeHttps);

    /// <summary>By the name that the certificate has, since a URL names the bound address.</summary>
    private Uri? Find(string scheme) =>
        all.FirstOrDefault(url => url.Scheme == scheme) is { } found
            ? new UriBuilder(scheme, "localhost", found.Port).Uri
            : null;
}
