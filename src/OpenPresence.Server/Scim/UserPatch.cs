using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Scim;

/// <summary>What an operation of a PATCH does.</summary>
internal enum PatchKind : byte
{
    Add,
    Replace,
    Remove,
}

/// <summary>One operation; its value lives as long as the body it was read from.</summary>
internal readonly record struct PatchOperation(PatchKind Kind, string? Path, JsonElement Value);

/// <summary>
/// The operations of a PATCH (RFC 7644, 3.5.2), carried out on a copy of the user; what comes of it is checked as a
/// whole, so one fault leaves everything as it was. Three shapes are in use and all are understood: a path for each
/// operation (Entra ID), no path and an object of attributes (Okta), no path and an object whose members are
/// paths (Entra ID again).
/// </summary>
internal sealed class UserPatch(Guid id, JsonObject document, ScimFaults faults)
{
    private readonly UserReader reader = new(faults);

    public void Apply(PatchOperation operation)
    {
        if (operation.Path is { } text)
        {
            if (ScimPath.Parse(text, faults) is { } path)
            {
                Apply(operation.Kind, path, text, operation.Value);
            }
        }
        else if (operation.Kind == PatchKind.Remove)
        {
            faults.Add(ScimWords.NoTarget, "remove needs a path.");
        }
        else if (operation.Value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(ScimWords.InvalidValue, "Without a path the value must be an object.");
        }
        else
        {
            foreach (var member in operation.Value.EnumerateObject())
            {
                ApplyMember(operation.Kind, member);
            }
        }
    }

    /// <summary>Whether a value is that id.</summary>
    public static bool IsId(JsonElement value, Guid id) =>
        value.ValueKind == JsonValueKind.String
        && UserReader.TryGetText(value, out var given)
        && given.Equals(id.ToString(), StringComparison.OrdinalIgnoreCase);

    private void ApplyMember(PatchKind kind, JsonProperty member)
    {
        // Who sends the whole resource sends these as well, and does not mean to change them.
        if (member.Name.ToUpperInvariant() is "SCHEMAS" or "META" or "GROUPS")
        {
            return;
        }
        if (ScimPath.Parse(member.Name, faults) is { } path)
        {
            Apply(kind, path, member.Name, member.Value);
        }
    }

    private void Apply(PatchKind kind, ScimPath path, string text, JsonElement value)
    {
        if (path.Attribute is { IsReadOnly: true } fixedOne)
        {
            var isSame = fixedOne.Name == "id" && IsId(value, id);
            if (!isSame)
            {
                faults.Add(ScimWords.Mutability, $"{fixedOne.Name} cannot be changed.");
            }
        }
        else if (kind != PatchKind.Remove && value.ValueKind == JsonValueKind.Undefined)
        {
            faults.Add(ScimWords.InvalidValue, $"{ScimFaults.Quoted(text)} needs a value.");
        }
        else if (!path.IsNotKept)
        {
            ApplyKept(kind, path, text, value);
        }
    }

    private void ApplyKept(PatchKind kind, ScimPath path, string text, JsonElement value)
    {
        var container = document;
        if (path.Schema == ScimSchema.Enterprise)
        {
            container = document[ScimSchema.EnterpriseId]?.AsObject() ?? [];
            document[ScimSchema.EnterpriseId] = container;
        }
        if (path.Attribute is not { } attribute)
        {
            ApplyToSchema(kind, path.Schema, container, text, value);
        }
        else if (attribute.IsMultiValued)
        {
            var values = container[attribute.Name]?.AsArray() ?? [];
            container[attribute.Name] = values;
            new ValuesPatch(attribute, values, reader, faults).Apply(kind, path, text, value);
        }
        else if (path.Sub is { } sub)
        {
            var parts = container[attribute.Name]?.AsObject() ?? [];
            container[attribute.Name] = parts;
            Set(parts, sub, kind, text, value);
        }
        else
        {
            Set(container, attribute, kind, text, value);
        }
    }

    /// <summary>An extension as a whole: its attributes, one by one.</summary>
    private void ApplyToSchema(PatchKind kind, ScimSchema schema, JsonObject container, string text, JsonElement value)
    {
        if (schema == ScimSchema.User)
        {
            faults.Add(ScimWords.InvalidPath, $"{ScimFaults.Quoted(text)} names no attribute.");
        }
        else if (kind == PatchKind.Remove || value.ValueKind == JsonValueKind.Null)
        {
            container.Clear();
        }
        else if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(ScimWords.InvalidValue, $"{ScimFaults.Quoted(text)} must be an object.");
        }
        else
        {
            foreach (var member in value.EnumerateObject())
            {
                var name = $"{schema.Id}:{member.Name}";
                if (ScimPath.Parse(name, faults) is { Attribute: not null } path)
                {
                    Apply(kind, path, name, member.Value);
                }
            }
        }
    }

    private void Set(JsonObject target, ScimAttribute attribute, PatchKind kind, string text, JsonElement value)
    {
        var read = kind == PatchKind.Remove ? null : reader.Read(attribute, value, text);
        if (read is null && (attribute.IsRequired || attribute.Type == ScimType.Flag))
        {
            // Without active an account would be enabled again by accident.
            faults.Add(ScimWords.Mutability, $"{attribute.Name} always has a value.");
        }
        else if (read is JsonObject parts && target[attribute.Name] is JsonObject whole)
        {
            // What the value does not name stays (RFC 7644, 3.5.2.3).
            Merge(whole, parts);
        }
        else if (read is null)
        {
            target.Remove(attribute.Name);
        }
        else
        {
            target[attribute.Name] = read;
        }
    }

    internal static void Merge(JsonObject target, JsonObject parts)
    {
        foreach (var (name, part) in parts)
        {
            target[name] = part!.DeepClone();
        }
    }
}
