using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>Makes tokens, good ones and every kind of bad one, and publishes the keys that it signs with.</summary>
internal sealed class TokenWorkshop : IVerificationKeys
{
    public const string RsaKeyId = "rsa-1";
    public const string EcKeyId = "ec-1";
    public const string Tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    public const string Person = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
    public const string App = "00001111-aaaa-2222-bbbb-3333cccc4444";
    public const string Issuer = "https://localhost:5443/" + Tenant + "/v2.0";

    // Slow to make, and any will do.
    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly RSA StrangersRsa = RSA.Create(2048);
    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly Dictionary<string, VerificationKey> _keys = new(StringComparer.Ordinal)
    {
        [RsaKeyId] = new(RsaKeyId, RSA.Create(Rsa.ExportParameters(false))),
        [EcKeyId] = new(EcKeyId, ECDsa.Create(Ec.ExportParameters(false))),
    };

    public ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel) =>
        new(_keys.GetValueOrDefault(keyId));

    /// <summary>A header for a signature with the RSA key.</summary>
    public static JsonObject Header(string alg = "RS256", string kid = RsaKeyId) =>
        new()
        {
            ["typ"] = "JWT",
            ["alg"] = alg,
            ["kid"] = kid,
        };

    /// <summary>The claims of a person, as version 2.0 has them.</summary>
    public static JsonObject PersonClaims(DateTimeOffset now, string scopes = "Presence.Read") =>
        new()
        {
            ["iss"] = Issuer,
            ["aud"] = "https://graph.microsoft.com",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            ["tid"] = Tenant,
            ["oid"] = Person,
            ["azp"] = App,
            ["scp"] = scopes,
            ["preferred_username"] = "megan@contoso.example",
            ["ver"] = "2.0",
        };

    /// <summary>The claims of an application, as version 1.0 has them.</summary>
    public static JsonObject AppClaims(DateTimeOffset now, params string[] roles) =>
        new()
        {
            ["iss"] = $"https://sts.windows.net/{Tenant}/",
            ["aud"] = Audiences.GraphApplicationId,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            ["tid"] = Tenant,
            ["oid"] = "b5e77f6a-5f3f-4c7c-8e6d-000000000001",
            ["appid"] = App,
            ["idtyp"] = "app",
            ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
            ["ver"] = "1.0",
        };

    public static string Sign(JsonObject claims) => Sign(Header(), claims);

    public static string Sign(JsonObject header, JsonObject claims) =>
        Sign(header.ToJsonString(), claims.ToJsonString(), (string?)header["alg"] ?? "RS256");

    /// <summary>Signs whatever it is given, as long as the algorithm exists.</summary>
    public static string Sign(string header, string claims, string alg = "RS256") =>
        Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims), alg);

    public static string Sign(byte[] header, byte[] claims, string alg = "RS256")
    {
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        return $"{signed}.{Base64Url.EncodeToString(Signature(bytes, alg))}";
    }

    public static byte[] Signature(byte[] signed, string alg) =>
        alg switch
        {
            "RS256" => Rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS256" => Rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => Ec.SignData(signed, HashAlgorithmName.SHA256),
            "RS384" => Rsa.SignData(signed, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem()), signed),
            _ => [],
        };
}
