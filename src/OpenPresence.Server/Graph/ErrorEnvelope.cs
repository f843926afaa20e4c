using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Writes Graph's error envelope: <c>{"error":{code,message,innerError{date,request-id,client-request-id}}}</c>
/// (graph-presence.md 5.1). The only place that turns a refusal into bytes.
/// </summary>
public static class ErrorEnvelope
{
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the answer is JSON, never HTML
    };

    /// <summary>Answers a call with a refusal.</summary>
    public static Task WriteAsync(GraphCall call, Refusal refusal)
    {
        var row = RefusalTable.For(refusal.Kind);
        var response = call.Http.Response;
        response.StatusCode = row.Status;
        if (row.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = call.Server.Challenge(call);
        }
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString();
        }
        if (refusal.Allow is { } allow)
        {
            response.Headers.Allow = allow;
        }
        return WriteAsync(call, row.Code, string.Format(row.Message, refusal.Arguments), refusal);
    }

    /// <summary>Answers a call that met a bug or an outage; says nothing of its inside.</summary>
    public static Task WriteFailureAsync(GraphCall call, int status, string code, string message)
    {
        call.Http.Response.StatusCode = status;
        return WriteAsync(call, code, message, null);
    }

    private static async Task WriteAsync(GraphCall call, string code, string message, Refusal? refusal)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, Relaxed))
        {
            Write(json, call, code, message, refusal);
        }
        call.Http.Response.ContentType = ResponseFrame.JsonContentType;
        call.Http.Response.ContentLength = body.WrittenCount;
        await call.Http.Response.Body.WriteAsync(body.WrittenMemory, call.Http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, GraphCall call, string code, string message, Refusal? refusal)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", code);
        json.WriteString("message", message);
        if (refusal?.Target is { } target)
        {
            json.WriteString("target", target);
        }
        if (refusal is { Details.Count: > 0 })
        {
            json.WriteStartArray("details");
            foreach (var detail in refusal.Details)
            {
                json.WriteStartObject();
                json.WriteString("code", detail.Code);
                json.WriteString("message", detail.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteStartObject("innerError");
        if (refusal?.Kind == RefusalKind.Throttled)
        {
            // COMPAT(graph): the throttled answer nests its own code and status (throttling-limits, D)
            json.WriteString("code", "429");
            json.WriteString("message", "Please retry after");
            json.WriteString("status", "429");
        }
        var now = call.Server.Time.GetUtcNow();
        json.WriteString("date", now.ToString("yyyy-MM-dd'T'HH:mm:ss"));
        json.WriteString("request-id", call.RequestId);
        json.WriteString("client-request-id", call.ClientRequestId);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
