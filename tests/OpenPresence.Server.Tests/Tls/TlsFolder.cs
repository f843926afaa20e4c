using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tls;
using Folder = System.IO.Directory;

namespace OpenPresence.Server.Tests.Tls;

/// <summary>A data directory of one test, and a server certificate in it.</summary>
internal sealed class TlsFolder : IDisposable
{
    public const string Machine = "workbench";

    public TlsFolder()
    {
        Options = new ServerOptions { DataDirectory = Path.Combine(_root.FullName, "data") };
    }

    private readonly DirectoryInfo _root = Folder.CreateTempSubdirectory("openpresence-tls-");

    public ServerOptions Options { get; set; }

    public ManualClock Clock { get; } = new();

    public ServerCertificate Open(ILogger? log = null) =>
        ServerCertificate.Open(Options, Clock, log ?? NullLogger.Instance, Machine);

    /// <summary>A file of the folder <c>tls</c>.</summary>
    public string FileOf(string name) => Path.Combine(Options.DataDirectory, "tls", name);

    /// <summary>A file beside the data directory.</summary>
    public string FileBeside(string name) => Path.Combine(_root.FullName, name);

    /// <summary>Whether a client that trusts <c>ca.pem</c> and nothing else believes the certificate.</summary>
    public bool IsTrusted(X509Certificate2 certificate, string? authorityFile = null)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(authorityFile ?? FileOf("ca.pem"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Clock.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
