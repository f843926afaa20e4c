using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenPresence.Server.Graph;

/// <summary>Answers 200 with an object that is written member by member; for what is not read often.</summary>
public static class JsonAnswer
{
    /// <summary>Graph's own bytes keep an apostrophe as it is; the answer is JSON and never HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the object: its context first, then what <paramref name="members"/> adds.</summary>
    /// <param name="call">The call.</param>
    /// <param name="context">What follows <c>$metadata#</c> in the context; null: the object has none.</param>
    /// <param name="members">Writes the members.</param>
    public static void Write(GraphCall call, string? context, Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            if (context is not null)
            {
                json.WriteString("@odata.context", $"{call.Root.Url}/$metadata#{context}");
            }
            members(json);
            json.WriteEndObject();
        }
        body.WrittenSpan.CopyTo(Answer.Begin(call, body.WrittenCount));
        Answer.End(call, body.WrittenCount);
    }
}
