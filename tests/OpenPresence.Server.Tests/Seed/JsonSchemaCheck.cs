using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Seed;

/// <summary>
/// As much of JSON Schema (2020-12) as the seed's schema uses; an unknown word of the schema throws, so that
/// nothing in it goes unchecked. Also notes which properties of the schema a document has shown.
/// </summary>
internal sealed class JsonSchemaCheck(JsonNode root)
{
    /// <summary>The properties that were seen, as <c>definition.property</c>.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the value is as the schema says.</summary>
    public bool IsValid(JsonNode? value) => IsValid(root, value);

    /// <summary>Every property that the schema names, as in <see cref="Seen"/>.</summary>
    public IEnumerable<string> Properties() => PropertiesOf(root);

    private static IEnumerable<string> PropertiesOf(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            return array.SelectMany(PropertiesOf);
        }

        if (node is not JsonObject schema)
        {
            return [];
        }

        var own = schema["properties"]?.AsObject().Select(p => $"{schema.GetPath()}.{p.Key}") ?? [];
        return own.Concat(schema.SelectMany(p => PropertiesOf(p.Value)));
    }

    private bool IsValid(JsonNode? schema, JsonNode? value) =>
        schema!.AsObject().All(word => IsValid(schema.AsObject(), word.Key, word.Value!, value));

    private bool IsValid(JsonObject schema, string word, JsonNode rule, JsonNode? value) =>
        word switch
        {
            "$schema" or "$defs" or "title" or "description" or "default" => true,
            "$ref" => IsValid(root["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]], value),
            "oneOf" => rule.AsArray().Count(one => IsValid(one, value)) == 1,
            "enum" => rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
            "type" => rule.GetValue<string>() == TypeOf(value),
            "required" => value is not JsonObject o
                || rule.AsArray().All(name => o.ContainsKey(name!.GetValue<string>())),
            "properties" => value is not JsonObject o || o.All(p => Knows(schema, rule, p)),
            "additionalProperties" => value is not JsonObject o
                || o.All(p => schema["properties"]!.AsObject().ContainsKey(p.Key)),
            "items" => value is not JsonArray a || a.All(item => IsValid(rule, item)),
            "minItems" => value is not JsonArray a || a.Count >= rule.GetValue<int>(),
            "maxItems" => value is not JsonArray a || a.Count <= rule.GetValue<int>(),
            "minLength" => TextOf(value) is not { } t || t.Length >= rule.GetValue<int>(),
            "maxLength" => TextOf(value) is not { } t || t.Length <= rule.GetValue<int>(),
            "pattern" => TextOf(value) is not { } t || Regex.IsMatch(t, rule.GetValue<string>()),
            _ => throw new NotSupportedException(word),
        };

    private bool Knows(JsonObject schema, JsonNode properties, KeyValuePair<string, JsonNode?> p)
    {
        if (properties[p.Key] is not { } rule)
        {
            return true;
        }

        Seen.Add($"{schema.GetPath()}.{p.Key}");
        return IsValid(rule, p.Value);
    }

    private static string? TextOf(JsonNode? value) => TypeOf(value) == "string" ? value!.GetValue<string>() : null;

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind().ToString().ToLowerInvariant() switch
        {
            null => "null",
            "true" or "false" => "boolean",
            var kind => kind,
        };
}
