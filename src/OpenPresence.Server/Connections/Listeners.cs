using OpenPresence.Server.Settings;
using OpenPresence.Server.Tls;

namespace OpenPresence.Server.Connections;

/// <summary>The bounds of what Kestrel takes in, before any of our code sees it.</summary>
public static class Listeners
{
    /// <summary>A filter of 650 ids stands in the request line.</summary>
    public const int RequestLineBytesMax = 48 * 1024;

    /// <summary>Tokens with many groups are long.</summary>
    public const int RequestHeadersBytesMax = 64 * 1024;

    /// <summary>
    /// A body beyond the limit of its route is refused and then read to its end, unseen, up to this:
    /// a client that is cut off while it still sends never gets to read why.
    /// </summary>
    public const int DrainedBytesMax = 16 * 1024 * 1024;

    /// <summary>How long a client may take to send its headers.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(15);

    public static void Configure(
        WebApplicationBuilder builder,
        ServerOptions options,
        ServerCertificate? certificate,
        Doors doors
    ) =>
        builder
            .WebHost.UseKestrelCore()
            .UseSockets(transport => transport.CreateBoundListenSocket = doors.Open)
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
                kestrel.Limits.MaxRequestHeadersTotalSize = RequestHeadersBytesMax;
                kestrel.Limits.MaxRequestBodySize = DrainedBytesMax;
                kestrel.Limits.RequestHeadersTimeout = RequestHeadersTimeout;
                kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(doors.Count));
                kestrel.ListenAsConfigured(options, certificate);
            });
}
