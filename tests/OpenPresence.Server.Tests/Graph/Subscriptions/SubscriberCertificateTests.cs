using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpenPresence.Engine;
using OpenPresence.Server.Graph.Subscriptions;

namespace OpenPresence.Server.Tests.Graph.Subscriptions;

/// <summary>Which certificates can be encrypted for, and what is said of the others.</summary>
public sealed class SubscriberCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 27, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2048)]
    [InlineData(4096)]
    public void A_self_signed_RSA_certificate_will_do(int bits)
    {
        var certificate = Rsa(bits);
        Assert.Null(FaultOf(Convert.ToBase64String(certificate.RawData), out var der));
        Assert.Equal(certificate.RawData, der);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bag Attributes\n    friendlyName: receiver\n")]
    public void A_PEM_file_in_base64_will_do(string before)
    {
        using var certificate = Rsa(2048);
        var file = Encoding.ASCII.GetBytes(before + certificate.ExportCertificatePem() + "\r\n");
        Assert.Null(FaultOf(Convert.ToBase64String(file), out var der));
        Assert.Equal(certificate.RawData, der);
    }

    [Fact]
    public void Of_a_PEM_file_only_the_certificate_may_be_sent()
    {
        using var key = RSA.Create(2048);
        using var certificate = Rsa(2048);
        var pem = certificate.ExportCertificatePem();
        Assert.Contains("alone", FaultOf(Base64(pem + "\n" + key.ExportPkcs8PrivateKeyPem()), out _));
        Assert.Contains("alone", FaultOf(Base64(pem + "\n" + pem), out _));
        Assert.Contains("BEGIN CERTIFICATE", FaultOf(Base64(key.ExportPkcs8PrivateKeyPem() + "\n" + pem), out _));
        Assert.Contains("BEGIN CERTIFICATE", FaultOf(Base64("-----BEGIN CERTIFICATE-----\nMIIB"), out _));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    [Fact]
    public void Each_fault_has_its_sentence()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var elliptic = new CertificateRequest("CN=receiver", curve, HashAlgorithmName.SHA256).CreateSelfSigned(
            Now.AddDays(-1),
            Now.AddDays(1)
        );
        using var good = Rsa(2048);
        Assert.Contains("RSA key", FaultOf(elliptic));
        Assert.Contains("2048 to 4096 bits; it has 1024", FaultOf(Rsa(1024)));
        Assert.Contains("has expired", FaultOf(Rsa(2048, from: -2, to: -1)));
        Assert.Contains("not valid yet", FaultOf(Rsa(2048, from: 1, to: 2)));
        Assert.Contains("PEM", FaultOf(good.ExportCertificatePem(), out _));
        Assert.Contains("must be base64.", FaultOf("not base64!", out _));
        Assert.Contains("X.509", FaultOf(Convert.ToBase64String("hello"u8), out _));
        Assert.Contains("X.509", FaultOf(Convert.ToBase64String(good.Export(X509ContentType.Pkcs12)), out _));
        Assert.Contains("longer", FaultOf(new string('A', 16 * 1024 + 4), out _));
    }

    /// <summary>A certificate that begins and ends so many days from now.</summary>
    private static X509Certificate2 Rsa(int bits, int from = -1, int to = 1)
    {
        using var key = RSA.Create(bits);
        return new CertificateRequest(
            "CN=receiver",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(Now.AddDays(from), Now.AddDays(to));
    }

    private static string? FaultOf(X509Certificate2 certificate) =>
        FaultOf(Convert.ToBase64String(certificate.RawData), out _);

    private static string? FaultOf(string base64, out byte[] der) =>
        SubscriberCertificate.FaultOf(base64, Instant.From(Now), out der);
}
