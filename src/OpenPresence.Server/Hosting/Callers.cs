using System.Net;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Hosting;

/// <summary>Joins the issuers that are trusted, the built-in one among them, into one authenticator.</summary>
public static class Callers
{
    public static Authenticator Authenticator(
        ServerOptions options,
        NodeState state,
        SigningKeys? keys,
        TimeProvider time,
        ILogger log
    )
    {
        var cache = new TokenCache(options.Auth, time);
        var issuers = new List<TrustedIssuer>();
        if (keys is not null)
        {
            issuers.Add(TrustedIssuer.BuiltIn(keys, OwnHosts(options)));
        }
        var http = new Lazy<HttpClient>(OidcProvider.NewHttpClient);
        foreach (var trusted in options.Auth.TrustedIssuers)
        {
            var provider = new OidcProvider(trusted, http.Value, time);
            issuers.Add(TrustedIssuer.External(trusted, new OidcKeys(provider, time, cache.Flush, log)));
        }
        return new Authenticator(
            issuers,
            state.Directory,
            (Guid id, out Guid tenantId) => state.Board.TryGetTenantOf(id, out tenantId),
            cache,
            options.Auth,
            time,
            PermissionTable.Of(options.GoesBeyondGraph)
        );
    }

    /// <summary>The issuer that this program carries; in production it knows no people, who could not prove themselves.</summary>
    public static BuiltInIssuer Issuer(
        ServerOptions options,
        Node node,
        SigningKeys keys,
        TimeProvider time,
        ILogger log
    ) =>
        new()
        {
            Settings = new IssuerSettings
            {
                PublicUrl = options.PublicUrl,
                Cloud = options.Cloud,
                OwnHosts = [.. OwnHosts(options)],
                RotatesRefreshTokens = options.RotateRefreshTokens,
                SignsPeopleIn = options.Profile == Profile.Development,
            },
            Clock = time,
            Directory = node.State.Directory,
            Keys = keys,
            Node = node,
            Log = log,
        };

    /// <summary>Every name that clients may reach this server by, as audiences name it.</summary>
    private static IEnumerable<string> OwnHosts(ServerOptions options)
    {
        string[] always = ["localhost", "127.0.0.1", "[::1]", Dns.GetHostName()];
        return always
            .Concat(options.CertificateNames)
            .Concat(options.PublicUrl is { } url ? [url.Host] : [])
            .Concat(options.DropIn ? [Clouds.Of(options.Cloud).GraphHost] : []);
    }
}
