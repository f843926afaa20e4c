using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Where receivers find the keys of the tokens in notifications, in every profile: a discovery document and the key
/// set it names, at the paths that Entra ID has for its version 1, which is what Graph's own libraries look at. With
/// the built-in issuer the documents of version 2 show the same keys; without it, the paths of version 2 lead
/// here too. That a key stands here makes nobody a caller: tokens that it signs are for receivers, and this server
/// believes them only where the built-in issuer is switched on.
/// </summary>
/// <remarks>
/// The keys name no issuer of their own: tokens of both versions are signed with them. Source:
/// https://learn.microsoft.com/graph/change-notifications-with-resource-data
/// </remarks>
internal sealed class KeyDocuments(SigningKeys keys, CloudHosts cloud, Uri? publicUrl, bool isAlone)
{
    private const int TenantCharsMax = 256;

    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Answers a request, if it is for one of the documents.</summary>
    public bool TryAnswer(HttpContext http, [NotNullWhen(true)] out Task? answer)
    {
        answer = null;
        var path = http.Request.Path.Value.AsSpan().TrimStart('/');
        var slash = path.IndexOf('/');
        if (!HttpMethods.IsGet(http.Request.Method) || slash is <= 0 or > TenantCharsMax)
        {
            return false;
        }
        var tenant = path[..slash].ToString();
        switch (path[(slash + 1)..])
        {
            case ".well-known/openid-configuration":
                answer = AnswerAsync(http, json => Describe(json, http, tenant, version: 1));
                return true;
            case "discovery/keys":
                answer = AnswerKeysAsync(http);
                return true;
            case "v2.0/.well-known/openid-configuration" when isAlone:
                answer = AnswerAsync(http, json => Describe(json, http, tenant, version: 2));
                return true;
            case "discovery/v2.0/keys" when isAlone:
                answer = AnswerKeysAsync(http);
                return true;
            default:
                return false;
        }
    }

    private void Describe(Utf8JsonWriter json, HttpContext http, string tenant, int version)
    {
        var root = publicUrl is { } url
            ? url.GetLeftPart(UriPartial.Authority)
            : $"{http.Request.Scheme}://{http.Request.Host}";
        var named = Guid.TryParse(tenant, out var id) ? id.ToString() : "{tenantid}";
        json.WriteString(
            "issuer",
            version == 1 ? $"https://{cloud.StsHost}/{named}/" : $"https://{cloud.LoginHosts[0]}/{named}/v2.0"
        );
        json.WriteString(
            "jwks_uri",
            $"{root}/{Uri.EscapeDataString(tenant)}/discovery/{(version == 1 ? "keys" : "v2.0/keys")}"
        );
        json.WriteStartArray("id_token_signing_alg_values_supported");
        json.WriteStringValue("RS256");
        json.WriteEndArray();
        json.WriteStartArray("subject_types_supported");
        json.WriteStringValue("pairwise");
        json.WriteEndArray();
        json.WriteStartArray("response_types_supported");
        json.WriteStringValue("id_token");
        json.WriteEndArray();
    }

    private async Task AnswerKeysAsync(HttpContext http)
    {
        var published = await keys.PublishedAsync(http.RequestAborted);
        await AnswerAsync(
            http,
            json =>
            {
                json.WriteStartArray("keys");
                foreach (var key in published)
                {
                    json.WriteStartObject();
                    json.WriteString("kty", "RSA");
                    json.WriteString("use", "sig");
                    json.WriteString("kid", key.KeyId);
                    json.WriteString("n", key.Modulus);
                    json.WriteString("e", key.Exponent);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
    }

    private static async Task AnswerAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(body, Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
