using System.Net;
using System.Net.Sockets;

namespace OpenPresence.Server.Webhooks;

/// <summary>
/// Addresses that a stranger on the internet cannot have, and so nobody who subscribes from there can mean: this
/// machine, its networks, the metadata services of clouds, and ranges set aside for something else. A server
/// that posts to an address of somebody else's choice is a way into the network it stands in (server-side request
/// forgery), unless it refuses these.
///
/// The judgement is on the address that is about to be connected to, never on the text of a URL. Text has
/// too many spellings (decimal, octal, mapped, a name of one's own that points to 127.0.0.1), and what a name means
/// can change between two looks (DNS rebinding).
///
/// In IPv6 the rule is the other way round: only what is allocated for the public internet (2000::/3) can be
/// meant, so that ranges nobody has heard of yet are refused as well. Addresses that carry an IPv4 address inside
/// (mapped, NAT64, 6to4) are judged by that; Teredo, which tunnels to one, is out of use and refused.
/// </summary>
/// <remarks>Source: IANA's IPv4 and IPv6 special-purpose address registries, RFC 6890 and its updates.</remarks>
public static class SpecialAddresses
{
    // csharpier-ignore-start: a table
    private static readonly (IPNetwork Network, string Reason)[] Refused =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "unspecified"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared by a carrier's customers"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("168.63.129.16/32"), "a cloud's metadata"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "reserved for protocols"),
        (IPNetwork.Parse("192.0.2.0/24"), "for documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "a 6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "for benchmarks"),
        (IPNetwork.Parse("198.51.100.0/24"), "for documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "for documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
        (IPNetwork.Parse("::/128"), "unspecified"),
        (IPNetwork.Parse("::1/128"), "loopback"),
        (IPNetwork.Parse("fc00::/7"), "private"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("2001::/32"), "a Teredo tunnel"),
        (IPNetwork.Parse("2001::/23"), "reserved for protocols"),
        (IPNetwork.Parse("2001:db8::/32"), "for documentation"),
        (IPNetwork.Parse("3fff::/20"), "for documentation"),
    ];
    // csharpier-ignore-end

    private static readonly IPNetwork PublicV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private const int SixToFourOffset = 2;
    private const int Nat64Offset = 12;
    private const int V4Bytes = 4;

    /// <summary>The address itself, when it is an IPv4 address in the dress of IPv6.</summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Why nobody outside can mean this address; null: it is an ordinary public one.</summary>
    public static string? ReasonAgainst(IPAddress address)
    {
        address = Unmapped(address);
        foreach (var (network, reason) in Refused)
        {
            if (network.Contains(address))
            {
                return reason;
            }
        }
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => null,
            AddressFamily.InterNetworkV6 => ReasonAgainstV6(address),
            _ => "of an unknown kind",
        };
    }

    private static string? ReasonAgainstV6(IPAddress address) =>
        SixToFour.Contains(address) ? ReasonAgainst(Inside(address, SixToFourOffset))
        : Nat64.Contains(address) ? ReasonAgainst(Inside(address, Nat64Offset))
        : PublicV6.Contains(address) ? null
        : "outside the public internet";

    private static IPAddress Inside(IPAddress address, int offset) =>
        new(address.GetAddressBytes().AsSpan(offset, V4Bytes));
}
