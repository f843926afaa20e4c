using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpenPresence.Engine;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// The certificate that a subscriber wants presence encrypted for: base64 of DER or of a PEM file, RSA of 2048 to 4096
/// bits, in its time. Nobody needs to vouch for it: it says under which key, not who. Judged once, at creation, so that a
/// notification later cannot fail for it; one sentence for each fault.
/// </summary>
public static class SubscriberCertificate
{
    private const string PemLabel = "CERTIFICATE";

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
        return Unwrap(Convert.FromBase64String(base64), out var bytes) ?? FaultOf(bytes, now, out der);
    }

    /// <summary>The certificate itself: Windows' own loader takes a file in PEM, and so clients send one in base64.</summary>
    private static string? Unwrap(byte[] given, out byte[] bytes)
    {
        bytes = given;
        if (given.AsSpan().IndexOf("-----BEGIN "u8) < 0)
        {
            return null;
        }
        var text = Encoding.UTF8.GetString(given);
        if (!PemEncoding.TryFind(text, out var found) || !text.AsSpan()[found.Label].SequenceEqual(PemLabel))
        {
            return "must be base64 of an X.509 certificate; in PEM, of one that says BEGIN CERTIFICATE.";
        }
        if (!text.AsSpan()[found.Location.End..].IsWhiteSpace())
        {
            return "must hold one certificate alone, without a chain and without its private key.";
        }
        bytes = Convert.FromBase64String(text[found.Base64Data]);
        return null;
    }

    private static string? FaultOf(byte[] bytes, Instant now, out byte[] der)
    {
        der = [];
        try
        {
            // It would load PKCS #7 and #12 as well, with a private key perhaps.
            if (X509Certificate2.GetCertContentType(bytes) != X509ContentType.Cert)
            {
                return "must be base64 of an X.509 certificate in DER or PEM, without its private key.";
            }
            using var certificate = X509CertificateLoader.LoadCertificate(bytes);
            der = bytes;
            return FaultOf(certificate, now);
        }
        catch (CryptographicException)
        {
            return "must be base64 of an X.509 certificate in DER or PEM.";
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
}
