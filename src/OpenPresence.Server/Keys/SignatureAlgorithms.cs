using System.Collections.Frozen;
using System.Security.Cryptography;

namespace OpenPresence.Server.Keys;

/// <summary>
/// The allow-list of signature algorithms, and the check itself. The key decides as much as the header does:
/// <c>alg</c> only chooses among what a key of that type can do, so a public RSA key never becomes the secret of an
/// HMAC, whatever the header asks for. Adding <c>HS256</c> for "internal" tokens would bring just that back.
/// </summary>
internal static class SignatureAlgorithms
{
    /// <summary>The names, as <c>alg</c> spells them: letter by letter.</summary>
    public static FrozenSet<string> Accepted { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "RS256", "PS256", "ES256");

    // One key object serves all threads. The base class promises nothing about that, but every platform's
    // implementation makes its own context per call; TokenValidatorTests verifies from many threads at once.
    public static bool Verify(
        string algorithm,
        VerificationKey key,
        ReadOnlySpan<byte> signed,
        ReadOnlySpan<byte> signature
    ) =>
        (key.Algorithm is null || key.Algorithm == algorithm)
        && (algorithm, key.Key) switch
        {
            ("RS256", RSA rsa) => rsa.VerifyData(
                signed,
                signature,
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            ),
            ("PS256", RSA rsa) => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            ("ES256", ECDsa ecdsa) => ecdsa.KeySize == 256
                && ecdsa.VerifyData(
                    signed,
                    signature,
                    HashAlgorithmName.SHA256,
                    DSASignatureFormat.IeeeP1363FixedFieldConcatenation
                ),
            _ => false,
        };
}
