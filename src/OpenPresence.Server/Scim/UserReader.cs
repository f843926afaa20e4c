using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Scim;

/// <summary>
/// Turns what a request says of a user into a document of our own: names as the schema spells them, only what is kept,
/// every value of its type, nothing that is empty. Whatever comes after need not ask again.
/// </summary>
/// <remarks>
/// COMPAT(entra): true and false may be strings, as Entra ID writes them. An unknown attribute is refused,
/// although RFC 7644 would let a server drop it in silence: who maps an attribute to a name that does not exist
/// should learn of it on the first day.
/// </remarks>
internal sealed class UserReader(ScimFaults faults)
{
    /// <summary>The most values of one attribute.</summary>
    public const int ValuesMax = 50;

    /// <summary>A whole user, as POST and PUT send it.</summary>
    public JsonObject Read(JsonElement body)
    {
        var document = new JsonObject();
        CheckSchemas(body, ScimSchema.UserId, faults);
        foreach (var member in body.EnumerateObject())
        {
            if (ScimSchema.Find(member.Name) == ScimSchema.Enterprise)
            {
                Put(document, ScimSchema.EnterpriseId, ReadExtension(member.Value));
            }
            else
            {
                ReadMember(document, ScimSchema.User.Attributes, member, "");
            }
        }
        return document;
    }

    /// <summary>A value of an attribute; null: it is unassigned, or the faults say what is wrong.</summary>
    public JsonNode? Read(ScimAttribute attribute, JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Null ? null
        : attribute.IsMultiValued ? ReadValues(attribute, value, path)
        : ReadOne(attribute, value, path);

    /// <summary>One value, also of an attribute that may have several.</summary>
    public JsonNode? ReadOne(ScimAttribute attribute, JsonElement value, string path) =>
        attribute.Type switch
        {
            ScimType.Text => ReadText(value, path),
            ScimType.Flag => ReadFlag(value, path),
            ScimType.Complex => ReadParts(attribute, value, path),
            _ => null,
        };

    /// <summary>Checks that a body says it is what it has to be.</summary>
    public static void CheckSchemas(JsonElement body, string id, ScimFaults faults)
    {
        var isNamed =
            body.TryGetProperty("schemas", out var schemas)
            && schemas.ValueKind == JsonValueKind.Array
            && schemas
                .EnumerateArray()
                .Any(schema =>
                    schema.ValueKind == JsonValueKind.String
                    && TryGetText(schema, out var text)
                    && text.Equals(id, StringComparison.OrdinalIgnoreCase)
                );
        if (!isNamed)
        {
            faults.Add(ScimWords.InvalidSyntax, $"schemas must be an array that has '{id}'.");
        }
    }

    /// <summary>A text; false: half a surrogate pair, or bytes that are no UTF-8.</summary>
    public static bool TryGetText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private JsonObject? ReadExtension(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        var enterprise = new JsonObject();
        ReadMembers(enterprise, ScimSchema.Enterprise.Attributes, value, ScimSchema.EnterpriseId);
        return enterprise;
    }

    private JsonObject? ReadParts(ScimAttribute attribute, JsonElement value, string path)
    {
        var parts = new JsonObject();
        ReadMembers(parts, attribute.SubAttributes, value, path);
        return parts.Count == 0 ? null : parts;
    }

    private void ReadMembers(
        JsonObject target,
        System.Collections.Immutable.ImmutableArray<ScimAttribute> attributes,
        JsonElement value,
        string path
    )
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(ScimWords.InvalidValue, $"{path} must be an object.");
            return;
        }
        foreach (var member in value.EnumerateObject())
        {
            ReadMember(target, attributes, member, path + ".");
        }
    }

    private void ReadMember(
        JsonObject target,
        System.Collections.Immutable.ImmutableArray<ScimAttribute> attributes,
        JsonProperty member,
        string prefix
    )
    {
        if (ScimAttribute.Find(attributes, member.Name) is not { } attribute)
        {
            var name = ScimFaults.Quoted(prefix + member.Name);
            faults.Add(ScimWords.InvalidSyntax, $"{name} is no attribute of a user.");
        }
        // What is read only is not looked at in a whole user (RFC 7644, 3.3 and 3.5.1).
        else if (attribute is { IsKept: true, IsReadOnly: false })
        {
            Put(target, attribute.Name, Read(attribute, member.Value, prefix + attribute.Name));
        }
    }

    private void Put(JsonObject target, string name, JsonNode? value)
    {
        if (target.ContainsKey(name))
        {
            faults.Add(ScimWords.InvalidSyntax, $"{name} stands twice, in different letter case.");
        }
        else if (value is not null)
        {
            target[name] = value;
        }
    }

    private JsonArray? ReadValues(ScimAttribute attribute, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > ValuesMax)
        {
            faults.Add(ScimWords.InvalidValue, $"{path} must be an array of at most {ValuesMax} objects.");
            return null;
        }
        var values = new JsonArray();
        foreach (var item in value.EnumerateArray())
        {
            if (ReadOne(attribute, item, path) is { } read)
            {
                values.Add(read);
            }
        }
        if (values.Count(UserDocument.IsPrimary) > 1)
        {
            faults.Add(ScimWords.InvalidValue, $"Two of {path} are primary.");
        }
        return values.Count == 0 ? null : values;
    }

    private JsonValue? ReadText(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String || !TryGetText(value, out var text))
        {
            faults.Add(ScimWords.InvalidValue, $"{path} must be a string.");
            return null;
        }
        if (text.Any(char.IsControl))
        {
            faults.Add(ScimWords.InvalidValue, $"{path} must not have control characters.");
            return null;
        }
        return text.Length == 0 ? null : JsonValue.Create(text);
    }

    private JsonValue? ReadFlag(JsonElement value, string path)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return JsonValue.Create(value.GetBoolean());
        }
        if (
            value.ValueKind == JsonValueKind.String
            && TryGetText(value, out var text)
            && bool.TryParse(text, out var flag)
        )
        {
            return JsonValue.Create(flag);
        }
        faults.Add(ScimWords.InvalidValue, $"{path} must be true or false.");
        return null;
    }
}
