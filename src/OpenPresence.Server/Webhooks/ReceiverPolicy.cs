using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Webhooks;

/// <summary>Which receivers may be called.</summary>
public sealed record ReceiverPolicy
{
    /// <summary>Whether plain HTTP will do; in development only.</summary>
    public bool AllowsPlainHttp { get; init; }

    /// <summary>Networks that may be called although they are not public ones.</summary>
    public ImmutableArray<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>Authorities that are trusted beside the system's.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>What the settings say; development may call this machine, and over plain HTTP.</summary>
    /// <exception cref="IOException">The file of authorities cannot be read.</exception>
    public static ReceiverPolicy Of(ServerOptions options)
    {
        var isDevelopment = options.Profile == Profile.Development;
        var networks = isDevelopment ? Loopback.ToBuilder() : ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in options.ReceiverNetworks)
        {
            if (OptionRules.TryParseNetwork(text, out var network))
            {
                networks.Add(network);
            }
        }
        var authorities = new X509Certificate2Collection();
        if (options.ReceiverAuthoritiesFile is { } file)
        {
            authorities.ImportFromPemFile(file);
        }
        return new ReceiverPolicy
        {
            AllowsPlainHttp = isDevelopment,
            AllowedNetworks = networks.ToImmutable(),
            Authorities = authorities,
        };
    }

    /// <summary>This machine, by both families.</summary>
    public static ImmutableArray<IPNetwork> Loopback { get; } =
    [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>
    /// What is wrong with a receiver's URL as it stands, as the end of a sentence that begins with its name; null:
    /// nothing. What its name resolves to is judged when it is called, each time.
    /// </summary>
    public string? FaultOf(Uri url)
    {
        if (!url.IsAbsoluteUri)
        {
            return "must be an absolute URL.";
        }
        if (url.Scheme != Uri.UriSchemeHttps && !(AllowsPlainHttp && url.Scheme == Uri.UriSchemeHttp))
        {
            return "must begin with https://.";
        }
        if (url.UserInfo.Length > 0)
        {
            return "must not carry a name or password.";
        }
        if (url.Fragment.Length > 0)
        {
            return "must not have a fragment.";
        }
        return IPAddress.TryParse(url.IdnHost, out var address) && ReasonAgainst(address) is { } reason
            ? $"must be a public address; {address} is {reason}."
            : null;
    }

    /// <summary>Why an address is not connected to; null: it may be.</summary>
    public string? ReasonAgainst(IPAddress address)
    {
        var unmapped = SpecialAddresses.Unmapped(address);
        return AllowedNetworks.Any(network => network.Contains(unmapped))
            ? null
            : SpecialAddresses.ReasonAgainst(unmapped);
    }
}
