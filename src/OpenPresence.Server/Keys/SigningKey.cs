using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpenPresence.Engine;

namespace OpenPresence.Server.Keys;

/// <summary>One RSA key of the issuer: signs RS256, and shows its public half.</summary>
/// <remarks>
/// RS256 because that is what Entra ID signs with and because RSA verifies several times faster
/// than ECDSA, and an API verifies far more often than an issuer signs.
/// </remarks>
public sealed class SigningKey
{
    /// <summary>The size of new keys, in bits.</summary>
    public const int SizeBits = 2048;

    internal const string MadeAtFormat = "yyyyMMdd'T'HHmmss'Z'";

    private const int SecretBytes = 32;

    /// <summary>Longer than a key is published.</summary>
    private const int CertificateYears = 5;

    private const int SerialBytes = 16;

    private readonly RSA _private;
    private readonly Lock _signing = new();

    /// <summary>A key and when it was made; takes the key over.</summary>
    public SigningKey(RSA key, Instant madeAt)
    {
        _private = key;
        MadeAt = madeAt;
        var parameters = key.ExportParameters(includePrivateParameters: false);
        Modulus = Base64Url.EncodeToString(parameters.Modulus);
        Exponent = Base64Url.EncodeToString(parameters.Exponent);
        KeyId = Thumbprint(Modulus, Exponent);
        var made = madeAt.ToDateTimeOffset().ToString(MadeAtFormat, CultureInfo.InvariantCulture);
        Name = $"{made}-{KeyId}";
        Verification = new VerificationKey(KeyId, RSA.Create(parameters));
        using var certificate = SelfSigned(key);
        Certificate = certificate.RawData;
        CertificateThumbprint = Base64Url.EncodeToString(certificate.GetCertHash());
    }

    /// <summary>
    /// The <c>kid</c>: the key's RFC 7638 thumbprint, so a copied file keeps its name.
    /// </summary>
    public string KeyId { get; }

    /// <summary>When the key was made; see <see cref="SigningKeySchedule"/>.</summary>
    public Instant MadeAt { get; }

    /// <summary>
    /// <c>{made at}-{kid}</c>: what its file is called, and by what nodes tell each other of it. Names are in the order in
    /// which the keys were made.
    /// </summary>
    public string Name { get; }

    /// <summary><c>n</c> of the key set.</summary>
    public string Modulus { get; }

    /// <summary><c>e</c> of the key set.</summary>
    public string Exponent { get; }

    /// <summary>
    /// A certificate of the key's public half, signed by itself, in DER: some clients take the key from there (<c>x5c</c>).
    /// Nodes that have the same key make the same certificate, byte for byte.
    /// </summary>
    public byte[] Certificate { get; }

    /// <summary>The certificate's SHA-1 in base64url: <c>x5t</c>.</summary>
    public string CertificateThumbprint { get; }

    /// <summary>The public half.</summary>
    public VerificationKey Verification { get; }

    /// <summary>A new random key; takes 30 to 500 ms of one core.</summary>
    public static SigningKey Generate(Instant madeAt) => new(RSA.Create(SizeBits), madeAt);

    /// <summary>The RS256 signature of <paramref name="data"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        // An RSA object promises nothing about concurrent use of its private half; signing takes
        // 0.8 ms.
        lock (_signing)
        {
            return _private.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    /// <summary>
    /// A secret that whoever has this key has too, and nobody else: for what a node seals and another one opens. One for
    /// each purpose, so that what is sealed for one cannot be opened for another.
    /// </summary>
    internal byte[] SecretFor(string purpose) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            _private.ExportParameters(includePrivateParameters: true).D!,
            SecretBytes,
            info: Encoding.UTF8.GetBytes(purpose)
        );

    /// <summary>The <c>kid</c> in a <see cref="Name"/>.</summary>
    internal static string KeyIdIn(string name) => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..];

    /// <summary>The private key as PEM, for its file and nothing else.</summary>
    internal string ExportPem() => _private.ExportPkcs8PrivateKeyPem();

    private X509Certificate2 SelfSigned(RSA key)
    {
        var name = new X500DistinguishedName("CN=OpenPresence token signing");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var from = MadeAt.ToDateTimeOffset();
        return request.Create(
            name,
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            from,
            from.AddYears(CertificateYears),
            serialNumber: SHA256.HashData(Encoding.ASCII.GetBytes(KeyId)).AsSpan(0, SerialBytes)
        );
    }

    private static string Thumbprint(string modulus, string exponent) =>
        Base64Url.EncodeToString(
            SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"e":"{{exponent}}","kty":"RSA","n":"{{modulus}}"}"""))
        );
}
