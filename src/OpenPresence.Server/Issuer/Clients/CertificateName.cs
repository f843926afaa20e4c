using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Issuer.Clients;

/// <summary>
/// How the header of an assertion names its certificate: <c>x5t#S256</c>, or else <c>x5t</c>, or else <c>kid</c>.
/// Libraries write the same hash in either alphabet of base64, with and without padding, and the <c>kid</c> also in
/// hexadecimal digits; the bytes are compared.
/// </summary>
internal sealed class CertificateName
{
    private readonly byte[]? _sha256;
    private readonly byte[]? _sha1;

    private CertificateName(byte[]? sha256, byte[]? sha1) => (_sha256, _sha1) = (sha256, sha1);

    public static CertificateName Of(JsonElement header)
    {
        if (TokenClaims.Text(header, "x5t#S256") is { } sha256)
        {
            return new(FromBase64(sha256), null);
        }

        if (TokenClaims.Text(header, "x5t") is { } sha1)
        {
            return new(null, FromBase64(sha1));
        }

        var keyId = TokenClaims.Text(header, "kid") ?? "";
        var hash = keyId.Length / 2 is SHA1.HashSizeInBytes or SHA256.HashSizeInBytes ? FromHex(keyId) : null;
        hash ??= FromBase64(keyId);
        return new(hash, hash);
    }

    public bool Fits(X509Certificate2 certificate) =>
        _sha256.AsSpan().SequenceEqual(certificate.GetCertHash(HashAlgorithmName.SHA256))
        || _sha1.AsSpan().SequenceEqual(certificate.GetCertHash(HashAlgorithmName.SHA1));

    private static byte[]? FromBase64(string text)
    {
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return CompactToken.TryDecode(url, out var bytes) ? bytes : null;
    }

    private static byte[]? FromHex(string text)
    {
        var bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out _, out _) is System.Buffers.OperationStatus.Done ? bytes : null;
    }
}
