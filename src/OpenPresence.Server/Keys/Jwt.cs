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
    public static string Sign(SigningKey key, string type, Action<Utf8JsonWriter> writeClaims)
    {
        var header = Encode(json =>
        {
            json.WriteString("typ", type);
            json.WriteString("alg", "RS256");
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
