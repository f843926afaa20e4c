using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenPresence.Server.Tls;

/// <summary>
/// A certificate that the operator gives as PEM files: the chain, leaf first, and its key. Both are read whenever
/// they are asked for, and compared: watching the folder is the tempting way, and misses files that are mounted,
/// or replaced by moving a link, as container platforms do.
/// </summary>
internal sealed class GivenCertificateSource(string certificateFile, string keyFile) : ICertificateSource
{
    private string _text = "";

    /// <inheritdoc />
    /// <exception cref="InvalidDataException">The files do not fit or are no PEM.</exception>
    public CertificateChain? LoadIfChanged(CertificateChain? current)
    {
        var certificates = CertificateFiles.ReadText(certificateFile);
        var key = CertificateFiles.ReadText(keyFile);
        var text = certificates + key;
        if (text == _text)
        {
            return null;
        }

        // Remembered although it may be broken: one broken pair is one line in the log, not one a minute.
        _text = text;
        try
        {
            var leaf = X509Certificate2.CreateFromPem(certificates, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            chain.RemoveAt(0);
            return new CertificateChain(leaf, chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException(
                $"{certificateFile} and {keyFile} are no certificate with its key, in PEM without password: {e.Message}",
                e
            );
        }
    }
}
