using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tls;

/// <summary>Opens the ports that the settings name, plain and encrypted, on each of their addresses.</summary>
public static class Listening
{
    /// <summary>A client whose handshake takes longer only holds connections.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Tells Kestrel where to listen.</summary>
    /// <param name="kestrel">The server's options.</param>
    /// <param name="options">The settings, which the rules have checked.</param>
    /// <param name="certificate">For HTTPS; null when there is no HTTPS port.</param>
    public static void ListenAsConfigured(
        this KestrelServerOptions kestrel,
        ServerOptions options,
        ServerCertificate? certificate
    )
    {
        foreach (var address in ListenAddress.AllOf(options))
        {
            Listen(kestrel, address, options.HttpPort, _ => { });
            if (certificate is not null)
            {
                Listen(
                    kestrel,
                    address,
                    options.HttpsPort,
                    endpoint =>
                        endpoint.UseHttps(
                            new TlsHandshakeCallbackOptions
                            {
                                OnConnection = _ => ValueTask.FromResult(certificate.Authentication),
                                HandshakeTimeout = HandshakeTimeout,
                            }
                        )
                );
            }
        }
    }

    private static void Listen(
        KestrelServerOptions kestrel,
        ListenAddress address,
        int port,
        Action<ListenOptions> configure
    )
    {
        if (port < 0)
        {
            return;
        }

        switch (address.Address)
        {
            case null when port == 0:
                // Two sockets would get two free ports: one address family is enough for a test.
                kestrel.Listen(IPAddress.Loopback, port, configure);
                break;
            case null:
                // Both families, and content with one where the machine has only one.
                kestrel.ListenLocalhost(port, configure);
                break;
            case var any when any.Equals(IPAddress.IPv6Any):
                kestrel.ListenAnyIP(port, configure);
                break;
            case var one:
                kestrel.Listen(one, port, configure);
                break;
        }
    }
}
