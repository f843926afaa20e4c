using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Takes a token apart, and makes ones that nobody should believe.</summary>
internal static class TokenText
{
    public static JsonElement Header(string? token) => Part(token, 0);

    public static JsonElement Claims(string? token) => Part(token, 1);

    /// <summary>Checks the signature with the keys that the server publishes.</summary>
    public static async Task<JsonElement> VerifiedAsync(IssuerHost host, string? token)
    {
        var set = await IssuerHost.JsonAsync(host.GetAsync($"/{DemoDirectory.TenantId}/discovery/v2.0/keys"));
        var kid = Header(token).GetProperty("kid").GetString();
        var jwk = set.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("kid").GetString() == kid);
        using var rsa = RSA.Create(
            new RSAParameters
            {
                Modulus = Base64Url.DecodeFromChars(jwk.GetProperty("n").GetString()),
                Exponent = Base64Url.DecodeFromChars(jwk.GetProperty("e").GetString()),
            }
        );
        var end = token!.LastIndexOf('.');
        Assert.True(
            rsa.VerifyData(
                Encoding.ASCII.GetBytes(token[..end]),
                Base64Url.DecodeFromChars(token.AsSpan(end + 1)),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            )
        );
        return Claims(token);
    }

    /// <summary>A signed token of any header and claims.</summary>
    public static string Sign(
        object header,
        object claims,
        RSA key,
        RSASignaturePadding? padding = null,
        bool isPadded = false
    )
    {
        var signed = $"{Pad(Encode(header))}.{Pad(Encode(claims))}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            padding ?? RSASignaturePadding.Pkcs1
        );
        return $"{signed}.{Pad(Base64Url.EncodeToString(signature))}";

        string Pad(string text) => isPadded ? text.PadRight((text.Length + 3) / 4 * 4, '=') : text;
    }

    public static string? String(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private static JsonElement Part(string? token, int index) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token!.Split('.')[index])).RootElement.Clone();
}
