using System.Text;
using System.Text.Json;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>
/// Writes the answers of a batch. A JSON body stands in the answer as JSON, text as a text, anything else as base64;
/// COMPAT(graph): no body as null (recorded by pnpcore's tests, R).
/// </summary>
internal static class BatchAnswer
{
    /// <summary>Of the connection or of this server, not of a request inside.</summary>
    private static readonly string[] NotShown = ["Content-Length", "Strict-Transport-Security", "x-ms-ags-diagnostic"];

    public static async Task WriteAsync(
        GraphCall call,
        IReadOnlyList<(BatchRequest Request, ItemAnswer Answer)> answers
    )
    {
        var response = call.Http.Response;
        response.ContentType = ResponseFrame.JsonContentType;
        await using var json = new Utf8JsonWriter(response.BodyWriter, JsonAnswer.Options);
        json.WriteStartObject();
        json.WriteStartArray("responses");
        foreach (var (request, answer) in answers)
        {
            Write(json, request, answer);
            await json.FlushAsync(call.Http.RequestAborted);
            await response.BodyWriter.FlushAsync(call.Http.RequestAborted);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BatchRequest request, ItemAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("id", request.Id);
        json.WriteNumber("status", answer.StatusCode);
        json.WriteStartObject("headers");
        foreach (var (name, value) in answer.Headers)
        {
            if (!NotShown.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                json.WriteString(name, value.ToString());
            }
        }
        json.WriteEndObject();
        json.WritePropertyName("body");
        WriteBody(json, answer.Headers.ContentType.ToString(), answer.Body.Span);
        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, string type, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            json.WriteNullValue();
        }
        else if (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            json.WriteRawValue(body, skipInputValidation: true);
        }
        else if (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
        {
            json.WriteStringValue(Encoding.UTF8.GetString(body));
        }
        else
        {
            json.WriteBase64StringValue(body);
        }
    }
}
