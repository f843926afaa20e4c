using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.Scim;

/// <summary>The bytes of answers: documents, and faults as RFC 7644, 3.12 has them.</summary>
internal static class ScimAnswer
{
    public const string ContentType = "application/scim+json";
    private const string ErrorId = "urn:ietf:params:scim:api:messages:2.0:Error";

    public static async Task WriteAsync(HttpContext http, int status, JsonObject document)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, JsonAnswer.Options))
        {
            document.WriteTo(json);
        }
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    public static Task WriteAsync(HttpContext http, ScimFault fault)
    {
        var document = new JsonObject { ["schemas"] = new JsonArray(ErrorId) };
        if (fault.Word is { } word)
        {
            document["scimType"] = word;
        }
        document["detail"] = fault.Detail;
        document["status"] = fault.Status.ToString();
        var headers = http.Response.Headers;
        if (fault.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer realm=\"provisioning\"";
        }
        if (fault.RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = seconds.ToString();
        }
        if (fault.Allow is { } allow)
        {
            headers.Allow = allow;
        }
        return WriteAsync(http, fault.Status, document);
    }
}
