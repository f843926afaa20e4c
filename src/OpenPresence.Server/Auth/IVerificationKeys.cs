using System.Security.Cryptography;

namespace OpenPresence.Server.Auth;

/// <summary>A public key that may verify tokens of one issuer.</summary>
/// <param name="KeyId">The <c>kid</c>.</param>
/// <param name="Key">An RSA or ECDsa public key.</param>
public sealed record VerificationKey(string KeyId, AsymmetricAlgorithm Key);

/// <summary>Where the keys of one issuer come from: our own files, or OIDC discovery.</summary>
public interface IVerificationKeys
{
    /// <summary>The key of that id, or null when the issuer has none (after a bounded refresh).</summary>
    ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel);
}
