using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.Metadata;

/// <summary>
/// <c>GET /{tenant}/discovery/v2.0/keys</c>: the keys that tokens are checked with. All tenants
/// have the same.
/// </summary>
internal static class KeySet
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (TenantInPath.Resolve(call, out var tenant) is { } unknown)
        {
            return unknown;
        }

        var keys = await call.Issuer.Keys.PublishedAsync(call.Cancel);
        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteStartArray("keys");
                foreach (var key in keys)
                {
                    json.WriteStartObject();
                    json.WriteString("kty", "RSA");
                    json.WriteString("use", "sig");
                    json.WriteString("alg", "RS256");
                    json.WriteString("kid", key.KeyId);
                    json.WriteString("x5t", key.CertificateThumbprint);
                    json.WriteString("n", key.Modulus);
                    json.WriteString("e", key.Exponent);
                    json.WriteStrings("x5c", [Convert.ToBase64String(key.Certificate)]);
                    json.WriteString("issuer", $"{call.BaseUrl}/{tenant?.Id.ToString() ?? "{tenantid}"}/v2.0");
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
        );
        return null;
    }
}
