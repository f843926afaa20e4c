using System.Globalization;
using System.Security.Cryptography;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// Application secrets at rest: <c>pbkdf2-sha256$iterations$salt$hash</c>, salt and hash in base64.
/// </summary>
/// <remarks>
/// <para>The directory and the journal hold only this form; the plain secret is seen once, while a seed or a
/// registration is read.</para>
/// <para>Client secrets are long random strings, not passwords that people chose: a guess is hopeless with
/// or without iterations, which are there for the short secrets of test beds. A thousand keep one
/// verification well under a millisecond, so that an issuer answers thousands of them a second on one core.
/// More iterations would let anybody keep the core busy with wrong secrets. The tempting cache of verified
/// secrets is not made here: who verifies often (the issuer) knows when an entry must go.</para>
/// </remarks>
public static class SecretHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 1_000;
    private const int IterationsMax = 1_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>The longest secret that is hashed or verified, in UTF-16 characters.</summary>
    public const int SecretCharsMax = 256;

    /// <summary>A new salted hash; two calls give different texts.</summary>
    public static string Hash(string secret)
    {
        if (secret.Length > SecretCharsMax)
        {
            throw new ArgumentException($"Longer than {SecretCharsMax} characters.", nameof(secret));
        }

        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(secret, salt, Iterations);
        return string.Join('$', Scheme, Iterations, Convert.ToBase64String(salt), Convert.ToBase64String(hash));
    }

    /// <summary>Whether the secret is the hashed one; takes the same time wherever they differ.</summary>
    /// <exception cref="FormatException">The text is no hash that <see cref="Hash"/> made.</exception>
    public static bool Verify(string secret, string secretHash)
    {
        var parts = secretHash.Split('$');
        if (
            parts.Length != 4
            || parts[0] != Scheme
            || !int.TryParse(parts[1], NumberStyles.None, null, out var iterations)
            || iterations is < 1 or > IterationsMax
        )
        {
            throw new FormatException("Not a secret hash.");
        }

        if (secret.Length > SecretCharsMax)
        {
            return false;
        }

        var expected = Convert.FromBase64String(parts[3]);
        var actual = Derive(secret, Convert.FromBase64String(parts[2]), iterations);
        return CryptographicOperations.FixedTimeEquals(expected, actual);
    }

    private static byte[] Derive(string secret, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(secret, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
