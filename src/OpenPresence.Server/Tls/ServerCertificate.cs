using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tls;

/// <summary>
/// The certificate that the server shows. Looked after while the server runs: a changed file or a renewal is
/// used by the next connection, those that exist go on, and what is broken leaves the old one in place and
/// says so in the log.
/// </summary>
public sealed class ServerCertificate : IDisposable
{
    /// <summary>How often the source is asked. A minute is soon enough for a renewal weeks ahead.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    private readonly ICertificateSource _source;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _checking = new();
    private volatile State _state;

    private ServerCertificate(ICertificateSource source, TimeProvider time, ILogger log)
    {
        _source = source;
        _log = log;
        _state = new State(source.LoadIfChanged(null)!);
        _timer = time.CreateTimer(_ => Check(), null, CheckInterval, CheckInterval);
    }

    /// <summary>The file that clients must trust; null when the certificate was given.</summary>
    public string? AuthorityFile => (_source as OwnCertificateSource)?.AuthorityFile;

    /// <summary>The certificate of the next connection.</summary>
    public X509Certificate2 Current => _state.Chain.Leaf;

    /// <summary>What the next connection is authenticated with; the same object until the certificate changes.</summary>
    public SslServerAuthenticationOptions Authentication => _state.Options;

    /// <summary>Loads what the options name, or makes a certificate of our own.</summary>
    /// <exception cref="InvalidDataException">The files are no pair, or a key may be read by others.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static ServerCertificate Open(ServerOptions options, TimeProvider time, ILogger log) =>
        Open(options, time, log, Environment.MachineName);

    internal static ServerCertificate Open(ServerOptions options, TimeProvider time, ILogger log, string machineName) =>
        new(
            options is { CertificateFile: { } certificate, CertificateKeyFile: { } key }
                ? new GivenCertificateSource(certificate, key)
                : new OwnCertificateSource(options, time, log, machineName),
            time,
            log
        );

    /// <summary>Asks the source; what fails leaves everything as it is.</summary>
    internal void Check()
    {
        lock (_checking)
        {
            try
            {
                if (_source.LoadIfChanged(_state.Chain) is { } chain)
                {
                    // The old one is not disposed of: connections may be shaking hands with it.
                    _state = new State(chain);
                    _log.LogInformation(
                        "The server certificate was replaced; the new one ends {NotAfter:u}.",
                        chain.Leaf.NotAfter.ToUniversalTime()
                    );
                }
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                _log.LogError(e, "The server certificate could not be replaced; the old one stays.");
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private sealed class State(CertificateChain chain)
    {
        public CertificateChain Chain { get; } = chain;

        /// <summary>One for all connections: the framework keeps TLS sessions with the context.</summary>
        public SslServerAuthenticationOptions Options { get; } =
            new()
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(
                    UsableBySslStream(chain.Leaf),
                    chain.Intermediates,
                    offline: true
                ),
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            };

        /// <summary>On Windows a key that was never in a store cannot be used for TLS.</summary>
        private static X509Certificate2 UsableBySslStream(X509Certificate2 leaf) =>
            OperatingSystem.IsWindows()
                ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null)
                : leaf;
    }
}
