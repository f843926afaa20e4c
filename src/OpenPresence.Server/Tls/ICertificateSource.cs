using System.Security.Cryptography.X509Certificates;

namespace OpenPresence.Server.Tls;

/// <summary>A certificate with its key, and what lies between it and its root.</summary>
internal sealed record CertificateChain(X509Certificate2 Leaf, X509Certificate2Collection Intermediates);

/// <summary>Where the certificate comes from: made by ourselves, or given as files.</summary>
internal interface ICertificateSource
{
    /// <summary>The certificate, if it is another one than the current; null: nothing has changed.</summary>
    CertificateChain? LoadIfChanged(CertificateChain? current);
}
