using System.Net;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tls;

/// <summary>The host names and addresses that a certificate of our own is for, without doubles, ordered.</summary>
internal sealed record OwnNames(IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>How a container reaches the machine that it runs on.</summary>
    private static readonly string[] OfContainers = ["host.containers.internal", "host.docker.internal"];

    /// <summary>
    /// This machine's names, those that the settings add, and in drop-in mode those of the cloud. Not every
    /// address of the machine: they come and go, and the certificate would be made anew each time.
    /// </summary>
    public static OwnNames Of(ServerOptions options, string machineName)
    {
        var given = options.CertificateNames.Append("localhost").Append("127.0.0.1").Append("::1").Concat(OfContainers);
        if (Uri.CheckHostName(machineName) == UriHostNameType.Dns && machineName.All(char.IsAscii))
        {
            given = given.Append(machineName);
        }

        if (options.DropIn)
        {
            var cloud = Clouds.Of(options.Cloud);
            given = given.Append(cloud.GraphHost).Concat(cloud.LoginHosts);
        }

        var names = given.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal);
        var isAddress = names.ToLookup(name => IPAddress.TryParse(name, out _));
        return new OwnNames(
            [.. isAddress[false].Order(StringComparer.Ordinal)],
            [
                .. isAddress[true]
                    .Select(IPAddress.Parse)
                    .DistinctBy(address => address.ToString(), StringComparer.Ordinal)
                    .OrderBy(address => address.ToString(), StringComparer.Ordinal),
            ]
        );
    }

    /// <summary>Whether both name the same.</summary>
    public bool IsSame(OwnNames other) =>
        Hosts.SequenceEqual(other.Hosts, StringComparer.Ordinal) && Addresses.SequenceEqual(other.Addresses);
}
