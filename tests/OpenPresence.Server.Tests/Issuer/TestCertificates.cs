using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// A certificate authority for one test run, a server's certificate, and one that a client signs
/// assertions with.
/// </summary>
public sealed class TestCertificates
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2060, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<TestCertificates> Once = new(() => new TestCertificates());

    private TestCertificates()
    {
        using var authorityKey = RSA.Create(2048);
        var authority = Request("CN=Test authority", authorityKey);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = authority.CreateSelfSigned(From, Until);

        using var serverKey = RSA.Create(2048);
        var server = Request("CN=localhost", serverKey);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(Authority, From, Until.AddYears(-1), [1, 2, 3]);
        Server = signed.CopyWithPrivateKey(serverKey);

        using var clientKey = RSA.Create(2048);
        Client = Request("CN=Daemon", clientKey).CreateSelfSigned(From, Until);
    }

    public static TestCertificates Shared => Once.Value;

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    public string ClientDer => Convert.ToBase64String(Client.RawData);

    /// <summary>
    /// Trusts the authority and nobody else, as a user's machine would after trusting ours.
    /// </summary>
    public SocketsHttpHandler Handler()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(Authority);
        return new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { CertificateChainPolicy = policy },
        };
    }

    private static CertificateRequest Request(string name, RSA key) =>
        new(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
