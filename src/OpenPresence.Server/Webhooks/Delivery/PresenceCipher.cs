using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Encrypts what a notification carries, so that only the holder of the subscriber's private key reads it. Each
/// item has a key of its own. What clients expect to the bit: AES-256-CBC with PKCS #7, the first 16 bytes of the
/// key as its IV; HMAC-SHA256 of the ciphertext under the same key; the key by RSA-OAEP with SHA-1.
/// </summary>
/// <remarks>
/// COMPAT(graph): an IV that follows from the key is safe only because no key is used twice; SHA-1 in OAEP and in the
/// thumbprint is what every client in use decrypts with and looks up.
/// Source: https://learn.microsoft.com/graph/change-notifications-with-resource-data
/// </remarks>
internal sealed class PresenceCipher
{
    private const int KeyBytes = 32;
    private const int IvBytes = 16;
    private readonly RSA recipient;
    private readonly ImmutableArray<byte> certificate;

    /// <summary>For a certificate in DER, under the name that its subscriber gave it.</summary>
    internal PresenceCipher(ImmutableArray<byte> certificate, string? certificateId)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate.AsSpan());
        recipient = read.GetRSAPublicKey()!;
        Thumbprint = read.Thumbprint;
        (this.certificate, CertificateId) = (certificate, certificateId);
    }

    /// <summary>For the certificate of a subscription, which was judged when it was given; null: it wants none.</summary>
    public static PresenceCipher? Of(Subscription subscription) =>
        subscription.IncludesResourceData && !subscription.EncryptionCertificate.IsEmpty
            ? new(subscription.EncryptionCertificate, subscription.EncryptionCertificateId)
            : null;

    /// <summary>
    /// The subscriber's name for the certificate. It stands here, beside the key, so that a notification never names
    /// one and is encrypted for another while both are replaced.
    /// </summary>
    public string? CertificateId { get; }

    /// <summary>Whether a subscription still has this certificate under this name.</summary>
    public bool IsFor(Subscription subscription) =>
        CertificateId == subscription.EncryptionCertificateId
        && certificate.AsSpan().SequenceEqual(subscription.EncryptionCertificate.AsSpan());

    /// <summary>The certificate's, SHA-1, upper-case hexadecimal.</summary>
    public string Thumbprint { get; }

    /// <summary>Encrypts one item under a new key.</summary>
    public EncryptedItem Encrypt(ReadOnlySpan<byte> plain)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        RandomNumberGenerator.Fill(key);
        using var aes = Aes.Create();
        aes.SetKey(key);
        var data = aes.EncryptCbc(plain, key[..IvBytes], PaddingMode.PKCS7);
        var item = new EncryptedItem(
            data,
            HMACSHA256.HashData(key, data),
            recipient.Encrypt(key, RSAEncryptionPadding.OaepSHA1)
        );
        CryptographicOperations.ZeroMemory(key);
        return item;
    }
}

/// <summary>The parts of an encrypted item, before base64.</summary>
/// <param name="Data">The ciphertext.</param>
/// <param name="Signature">Of the ciphertext.</param>
/// <param name="Key">For the recipient alone.</param>
internal readonly record struct EncryptedItem(byte[] Data, byte[] Signature, byte[] Key);
