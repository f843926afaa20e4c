using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OpenPresence.Server.Keys;

/// <summary>Writes and signs JSON Web Tokens.</summary>
internal static class Jwt
{
    /// <summary>The <c>typ</c> of access and id tokens.</summary>
    public const string TokenType = "JWT";

    /// <summary>A token in compact form, signed RS256.</summary>
    /// <param name="key">Signs it.</param>
    /// <param name="type">The <c>typ</c> of its header.</param>
    /// <param name="writeClaims">Writes its claims.</param>
    /// <param name="hasThumbprint">Whether the header has an <c>x5t</c> too, as that of tokens of version 1.0.</param>
    public static string Sign(
        SigningKey key,
        string type,
        Action<Utf8JsonWriter> writeClaims,
        bool hasThumbprint = false
    )
    {
        var header = Encode(json =>
        {
            json.WriteString("typ", type);
            json.WriteString("alg", "RS256");
            if (hasThumbprint)
            {
                json.WriteString("x5t", key.CertificateThumbprint);
            }

            json.WriteString("kid", key.KeyId);
        });
        var signed = $"{header}.{Encode(writeClaims)}";
        var signature = key.Sign(Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}
