using System.Net;
using System.Net.Sockets;

namespace OpenPresence.Server.Webhooks;

/// <summary>Looks up the addresses of a name; where tests put names of their own.</summary>
public delegate Task<IPAddress[]> NameLookup(string host, CancellationToken cancel);

/// <summary>
/// Opens the connections to receivers. The one place where a name becomes an address, and where the address is
/// judged, in the same breath as it is connected to: a check any earlier could be answered with another address
/// than the connection gets.
/// </summary>
internal sealed class ReceiverConnections(ReceiverPolicy policy, NameLookup lookup)
{
    /// <summary>The system's resolver.</summary>
    public static Task<IPAddress[]> SystemLookup(string host, CancellationToken cancel) =>
        Dns.GetHostAddressesAsync(host, cancel);

    /// <summary>A connection to the first address that may be, and can be, connected to.</summary>
    /// <exception cref="ReceiverRefusedException">None may be.</exception>
    /// <exception cref="SocketException">None can be, or the name is unknown.</exception>
    public async ValueTask<Stream> OpenAsync(DnsEndPoint to, CancellationToken cancel)
    {
        var found = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await lookup(to.Host, cancel);
        var allowed = found
            .Select(SpecialAddresses.Unmapped)
            .Where(address => policy.ReasonAgainst(address) is null)
            .Take(OutgoingLimits.AddressesTriedMax)
            .ToArray();
        if (allowed.Length == 0)
        {
            throw found.Length == 0
                ? new SocketException((int)SocketError.HostNotFound)
                : new ReceiverRefusedException(found[0], policy.ReasonAgainst(found[0])!);
        }
        for (var i = 0; ; i++)
        {
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[i], to.Port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < allowed.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}

/// <summary>An address may not be called.</summary>
internal sealed class ReceiverRefusedException(IPAddress address, string reason)
    : IOException($"{address} is {reason}.");
