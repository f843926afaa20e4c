using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenPresence.Server.Tls;

/// <summary>
/// Makes the two certificates of our own: an authority that people trust once, and a short-lived leaf below
/// it that the server shows.
/// </summary>
/// <remarks>
/// <para>ECDSA P-256: a handshake costs the server a tenth of RSA's, and .NET, Node, OpenSSL, Go, Java and browsers
/// take it.</para>
/// <para>An authority in somebody's trust store is a danger: whoever gets its key can pretend to be anybody.
/// This one is bound by name constraints to the names that it was made for, so a stolen key is worth those of one
/// machine. A server that needs more names makes a new authority, which must be trusted anew; that
/// the drop-in mode's authority is another one than the harmless one before is the point of it.</para>
/// <para>A leaf lives 397 days, the most that browsers accept.</para>
/// </remarks>
internal static class OwnCertificates
{
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3_650);
    public static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(397);

    /// <summary>A leaf that ends sooner than this is made anew; an authority must outlive a new leaf.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>How far the clocks of clients may be behind.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>A new authority for these names, with its private key.</summary>
    public static X509Certificate2 MakeAuthority(OwnNames names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The number tells authorities apart in a trust store that has seen several.
        var number = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var request = new CertificateRequest($"CN=OpenPresence authority {number}", key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        extensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true)
        );
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        extensions.Add(NameConstraints.Permit(names));
        return request.CreateSelfSigned(now - ClockSkew, now + AuthorityLifetime);
    }

    /// <summary>A new leaf for these names below the authority, with its private key.</summary>
    public static X509Certificate2 MakeLeaf(OwnNames names, X509Certificate2 authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=OpenPresence", key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        extensions.Add(AlternativeNames(names));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var leaf = request.Create(authority, now - ClockSkew, now + LeafLifetime, serial);
        return leaf.CopyWithPrivateKey(key);
    }

    /// <summary>The names that a leaf is for.</summary>
    public static OwnNames NamesOf(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return new OwnNames(
            [.. (names?.EnumerateDnsNames() ?? []).Order(StringComparer.Ordinal)],
            [.. (names?.EnumerateIPAddresses() ?? []).OrderBy(address => address.ToString(), StringComparer.Ordinal)]
        );
    }

    private static X509Extension AlternativeNames(OwnNames names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var host in names.Hosts)
        {
            builder.AddDnsName(host);
        }

        foreach (IPAddress address in names.Addresses)
        {
            builder.AddIpAddress(address);
        }

        return builder.Build();
    }
}
