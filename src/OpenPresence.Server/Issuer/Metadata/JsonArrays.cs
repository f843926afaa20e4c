using System.Text.Json;

namespace OpenPresence.Server.Issuer.Metadata;

/// <summary>Arrays of strings, which the writer has no call for.</summary>
internal static class JsonArrays
{
    public static void WriteStrings(this Utf8JsonWriter json, string name, ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
