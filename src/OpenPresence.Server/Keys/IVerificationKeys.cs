using System.Security.Cryptography;

namespace OpenPresence.Server.Keys;

/// <summary>A public key that may verify tokens of one issuer.</summary>
/// <param name="KeyId">The <c>kid</c>.</param>
/// <param name="Key">An RSA or ECDsa public key. Shared by all threads: it is only ever asked to verify.</param>
public sealed record VerificationKey(string KeyId, AsymmetricAlgorithm Key)
{
    /// <summary>The one algorithm that the issuer means it for; null: any that its type can do.</summary>
    public string? Algorithm { get; init; }
}

/// <summary>Where the keys of one issuer come from: our own files, or OIDC discovery.</summary>
public interface IVerificationKeys
{
    /// <summary>The key of that id, or null when the issuer has none (after a bounded refresh).</summary>
    /// <exception cref="IssuerUnreachableException">
    /// The issuer cannot be asked at the moment, so that nobody knows whether it has such a key.
    /// </exception>
    ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel);
}

/// <summary>An issuer's keys cannot be fetched: an outage, not the caller's doing.</summary>
public sealed class IssuerUnreachableException(string issuer)
    : Exception($"The keys of {issuer} cannot be fetched at the moment.");
