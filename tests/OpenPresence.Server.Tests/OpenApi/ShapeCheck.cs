using System.Globalization;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.OpenApi;

/// <summary>
/// Holds a value against a schema of the served description, with as much of JSON Schema as that uses; a word that is
/// not known throws, so that nothing goes unchecked.
/// </summary>
internal sealed class ShapeCheck(JsonObject document)
{
    private const string Schemas = "#/components/schemas/";

    /// <summary>Where the value is not as the schema says; empty: it is.</summary>
    public IEnumerable<string> FaultsOf(JsonNode schema, JsonNode? value, string place = "$") =>
        schema.AsObject().SelectMany(word => FaultsOf(schema, word.Key, word.Value!, value, place));

    private IEnumerable<string> FaultsOf(JsonNode schema, string word, JsonNode rule, JsonNode? value, string place) =>
        word switch
        {
            "description" => [],
            "$ref" => FaultsOf(Schema(rule.GetValue<string>()), value, place),
            "oneOf" => Fault(
                rule.AsArray().Count(one => !FaultsOf(one!, value, place).Any()) == 1,
                $"{place} is not one of the forms: {value?.ToJsonString()}"
            ),
            "type" => Fault(
                TypesOf(rule).Contains(TypeOf(value)),
                $"{place} is {TypeOf(value)} and not {rule.ToJsonString()}"
            ),
            "enum" => Fault(
                rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
                $"{place} is {value?.ToJsonString()}"
            ),
            "format" => value is null
                ? []
                : Fault(HasFormat(rule.GetValue<string>(), value.ToString()), $"{place} is no {rule}: {value}"),
            "required" => value is JsonObject o
                ? rule.AsArray()
                    .Select(name => name!.GetValue<string>())
                    .SelectMany(name => Fault(o.ContainsKey(name), $"{place} lacks {name}"))
                : [],
            "properties" => value is JsonObject o
                ? o.Where(member => rule[member.Key] is not null)
                    .SelectMany(member => FaultsOf(rule[member.Key]!, member.Value, $"{place}.{member.Key}"))
                : [],
            "additionalProperties" => value is JsonObject o && !rule.GetValue<bool>()
                ? o.SelectMany(member =>
                    Fault(schema["properties"]![member.Key] is not null, $"{place}.{member.Key} is not described")
                )
                : [],
            "items" => value is JsonArray a
                ? a.SelectMany((item, index) => FaultsOf(rule, item, $"{place}[{index}]"))
                : [],
            "minItems" => Fault(value is not JsonArray a || a.Count >= rule.GetValue<int>(), $"{place} is too short"),
            "maxItems" => Fault(value is not JsonArray a || a.Count <= rule.GetValue<int>(), $"{place} is too long"),
            "maxLength" => Fault(
                value is null || value.ToString().Length <= rule.GetValue<int>(),
                $"{place} is too long"
            ),
            _ => throw new NotSupportedException(word),
        };

    private JsonNode Schema(string reference) =>
        document["components"]!["schemas"]![reference[Schemas.Length..]]
        ?? throw new InvalidDataException($"{reference} leads nowhere.");

    private static IEnumerable<string> Fault(bool holds, string sentence) => holds ? [] : [sentence];

    private static IEnumerable<string> TypesOf(JsonNode rule) =>
        rule is JsonArray several ? several.Select(one => one!.GetValue<string>()) : [rule.GetValue<string>()];

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null => "null",
            System.Text.Json.JsonValueKind.Object => "object",
            System.Text.Json.JsonValueKind.Array => "array",
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => "integer",
            _ => "boolean",
        };

    private static bool HasFormat(string format, string text) =>
        format switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "duration" => OpenPresence.Server.Jsonc.IsoDuration.TryParse(text, out _),
            _ => throw new NotSupportedException(format),
        };
}
