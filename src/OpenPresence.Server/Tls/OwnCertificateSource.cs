using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tls;

/// <summary>
/// The certificate of our own: <c>ca.pem</c>, <c>ca.key</c>, <c>server.pem</c> and <c>server.key</c> in the folder
/// <c>tls</c> of the data directory. Made when they are missing, kept across starts so that clients
/// trust them once, and made anew before they end or when the names change.
/// </summary>
internal sealed class OwnCertificateSource(ServerOptions options, TimeProvider time, ILogger log, string machineName)
    : ICertificateSource
{
    private readonly string _folder = Path.Combine(options.DataDirectory, "tls");

    // A container has another name at each start: that must not cost everybody's trust.
    private readonly OwnNames _needed = OwnNames.Of(options, machineName: "");
    private readonly OwnNames _wished = OwnNames.Of(options, machineName);
    private OwnNames _names = new([], []);

    /// <summary>What clients must trust.</summary>
    public string AuthorityFile => Path.Combine(_folder, "ca.pem");

    /// <inheritdoc />
    public CertificateChain? LoadIfChanged(CertificateChain? current)
    {
        var now = time.GetUtcNow();
        if (current is not null && IsGood(current.Leaf, now))
        {
            return null;
        }

        CertificateFiles.CreateFolder(options.DataDirectory, _folder);
        using var authority = LoadOrMakeAuthority(now);
        _names = NameConstraints.Permits(authority, _wished) ? _wished : _needed;
        var (certificateFile, keyFile) = FilesOf("server");
        var leaf = CertificateFiles.TryLoad(certificateFile, keyFile);
        if (leaf is null || !IsGood(leaf, now) || !IsIssuedBy(leaf, authority))
        {
            leaf?.Dispose();
            leaf = OwnCertificates.MakeLeaf(_names, authority, now);
            CertificateFiles.Save(leaf, certificateFile, keyFile);
            log.LogInformation("Made a certificate for {Hosts}.", string.Join(", ", _names.Hosts));
        }

        return new CertificateChain(leaf, []);
    }

    private X509Certificate2 LoadOrMakeAuthority(DateTimeOffset now)
    {
        var (certificateFile, keyFile) = FilesOf("ca");
        var kept = CertificateFiles.TryLoad(certificateFile, keyFile);
        var outlivesLeaf =
            kept is not null && kept.NotAfter.ToUniversalTime() > now.UtcDateTime + OwnCertificates.LeafLifetime;
        if (outlivesLeaf && NameConstraints.Permits(kept!, _needed))
        {
            return kept!;
        }

        if (File.Exists(certificateFile))
        {
            log.LogWarning(
                "The certificate authority {File} is replaced, because it does not fit any more (names, end or key): clients must trust the new one.",
                certificateFile
            );
        }

        kept?.Dispose();
        var authority = OwnCertificates.MakeAuthority(_wished, now);
        CertificateFiles.Save(authority, certificateFile, keyFile);
        return authority;
    }

    private bool IsGood(X509Certificate2 leaf, DateTimeOffset now) =>
        leaf.NotBefore.ToUniversalTime() <= now.UtcDateTime
        && leaf.NotAfter.ToUniversalTime() > now.UtcDateTime + OwnCertificates.RenewBefore
        && OwnCertificates.NamesOf(leaf).IsSame(_names);

    private static bool IsIssuedBy(X509Certificate2 leaf, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // Whether it is time already is asked elsewhere, of the clock that tests can move.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(leaf);
    }

    private (string Certificate, string Key) FilesOf(string name) =>
        (Path.Combine(_folder, name + ".pem"), Path.Combine(_folder, name + ".key"));
}
