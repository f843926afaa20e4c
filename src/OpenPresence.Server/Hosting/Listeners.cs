using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenPresence.Server.Api;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Hosting;

/// <summary>Where Kestrel listens, and the bounds of what it takes in.</summary>
public static class Listeners
{
    /// <summary>A filter of 650 ids stands in the request line.</summary>
    public const int RequestLineBytesMax = 48 * 1024;

    /// <summary>Tokens with many groups are long.</summary>
    public const int RequestHeadersBytesMax = 64 * 1024;

    /// <summary>How long a client may take to send its headers.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(15);

    public static void Configure(
        WebApplicationBuilder builder,
        ServerOptions options,
        object? certificate
    )
    {
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
                kestrel.Limits.MaxRequestHeadersTotalSize = RequestHeadersBytesMax;
                kestrel.Limits.MaxRequestBodySize = BodyReader.BodyBytesMax;
                kestrel.Limits.RequestHeadersTimeout = RequestHeadersTimeout;
                foreach (var address in ListenAddress.AllOf(options))
                {
                    Listen(kestrel, address, options.HttpPort, _ => { });
                    if (certificate is not null)
                    {
                        Listen(kestrel, address, options.HttpsPort, _ => { });
                    }
                }
            });
    }

    private static void Listen(
        KestrelServerOptions kestrel,
        ListenAddress address,
        int port,
        Action<ListenOptions> configure
    )
    {
        switch (port)
        {
            case < 0:
                return;
            case 0:
                // The system gives one port to one socket, so both address families cannot share it.
                kestrel.Listen(address.Address ?? IPAddress.Loopback, 0, configure);
                return;
            default:
                if (address.Address is { } given)
                {
                    kestrel.Listen(given, port, configure);
                }
                else
                {
                    kestrel.ListenLocalhost(port, configure);
                }
                return;
        }
    }
}
