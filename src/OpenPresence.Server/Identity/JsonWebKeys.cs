using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Reads a JSON Web Key Set (RFC 7517) and keeps the keys that may verify tokens here. A set may hold what we cannot
/// use: keys for encryption, other curves, other types. Those are left out, as the RFC says, and so are weak ones.
/// </summary>
public static class JsonWebKeys
{
    /// <summary>Providers publish two to ten.</summary>
    public const int KeysMax = 100;

    public const int RsaBitsMin = 2048;

    /// <summary>Verification gets slower with the square of it.</summary>
    public const int RsaBitsMax = 8192;

    private const int RsaExponentBytesMax = 4;

    /// <summary>The usable keys by their id; the first of an id counts.</summary>
    /// <exception cref="JsonException">It is no key set.</exception>
    public static FrozenDictionary<string, VerificationKey> Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8, new() { MaxDepth = CompactToken.JsonDepthMax });
        if (
            document.RootElement.ValueKind is not JsonValueKind.Object
            || !document.RootElement.TryGetProperty("keys", out var keys)
            || keys.ValueKind is not JsonValueKind.Array
            || keys.GetArrayLength() > KeysMax
        )
        {
            throw new JsonException("This is no key set, or one of too many keys.");
        }
        var usable = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        foreach (var json in keys.EnumerateArray())
        {
            if (json.ValueKind is JsonValueKind.Object && TryReadKey(json) is { } key)
            {
                usable.TryAdd(key.KeyId, key);
            }
        }
        return usable.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static VerificationKey? TryReadKey(JsonElement json)
    {
        if (
            TokenClaims.Text(json, "kid") is not { Length: > 0 and <= CompactToken.KeyIdCharsMax } id
            || TokenClaims.Text(json, "use") is not (null or "sig")
        )
        {
            return null;
        }
        try
        {
            AsymmetricAlgorithm? key = TokenClaims.Text(json, "kty") switch
            {
                "RSA" => ReadRsa(json),
                "EC" when TokenClaims.Text(json, "crv") == "P-256" => ReadP256(json),
                _ => null,
            };
            return key is null ? null : new(id, key) { Algorithm = TokenClaims.Text(json, "alg") };
        }
        catch (CryptographicException)
        {
            return null; // numbers that are no key, such as a point beside the curve
        }
    }

    private static RSA? ReadRsa(JsonElement json)
    {
        var (modulus, exponent) = (Bytes(json, "n"), Bytes(json, "e"));
        return
            modulus is { Length: >= RsaBitsMin / 8 and <= RsaBitsMax / 8 }
            && exponent is { Length: > 0 and <= RsaExponentBytesMax }
            ? RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent })
            : null;
    }

    private static ECDsa? ReadP256(JsonElement json)
    {
        var (x, y) = (Bytes(json, "x"), Bytes(json, "y"));
        return x is { Length: 32 } && y is { Length: 32 }
            ? ECDsa.Create(
                new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new() { X = x, Y = y },
                }
            )
            : null;
    }

    private static byte[]? Bytes(JsonElement json, string name) =>
        TokenClaims.Text(json, name) is { } text && CompactToken.TryDecode(text, out var bytes) ? bytes : null;
}
