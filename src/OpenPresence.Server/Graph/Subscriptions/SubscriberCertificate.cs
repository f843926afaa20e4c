using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Engine;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// The certificate that a subscriber wants presence encrypted for: base64 of DER, RSA of 2048 to 4096 bits, in its
/// time. Nobody needs to vouch for it: it says under which key, not who. Judged once, at creation, so that a
/// notification later cannot fail for it; one sentence for each fault.
/// </summary>
public static class SubscriberCertificate
{
    /// <summary>What is wrong with it, as the end of a sentence; null: nothing.</summary>
    /// <param name="base64">As the client gave it.</param>
    /// <param name="now">It must be in its time.</param>
    /// <param name="der">Its bytes.</param>
    public static string? FaultOf(string base64, Instant now, out byte[] der)
    {
        der = [];
        if (base64.Length > SubscriptionLimits.CertificateCharsMax)
        {
            return $"is longer than {SubscriptionLimits.CertificateCharsMax} characters.";
        }
        if (base64.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            return "must be the base64 alone, without the BEGIN and END lines of PEM.";
        }
        if (!Base64.IsValid(base64.AsSpan()))
        {
            return "must be base64.";
        }
        var bytes = Convert.FromBase64String(base64);
        try
        {
            // It would load PEM and PKCS #7 and #12 as well, with a private key perhaps.
            if (IsPem(bytes) || X509Certificate2.GetCertContentType(bytes) != X509ContentType.Cert)
            {
                return "must be base64 of an X.509 certificate in DER, without its private key.";
            }
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            der = bytes;
            return FaultOf(certificate, now);
        }
        catch (CryptographicException)
        {
            return "must be base64 of an X.509 certificate in DER.";
        }
    }

    private static string? FaultOf(X509Certificate2 certificate, Instant now)
    {
        using var key = certificate.GetRSAPublicKey();
        if (key is null)
        {
            return "must hold an RSA key.";
        }
        if (key.KeySize is < SubscriptionLimits.KeyBitsMin or > SubscriptionLimits.KeyBitsMax)
        {
            return $"must hold a key of {SubscriptionLimits.KeyBitsMin} to "
                + $"{SubscriptionLimits.KeyBitsMax} bits; it has {key.KeySize}.";
        }
        var at = now.ToDateTimeOffset();
        return certificate.NotAfter.ToUniversalTime() <= at.UtcDateTime ? "has expired."
            : certificate.NotBefore.ToUniversalTime() > at.UtcDateTime ? "is not valid yet."
            : null;
    }

    private static bool IsPem(byte[] bytes) => bytes.AsSpan().StartsWith("-----"u8);
}
