using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Scim;

/// <summary>An operation on an attribute that may have several values: mail addresses, phone numbers, offices.</summary>
/// <remarks>
/// To replace what a filter does not find is a fault (<c>noTarget</c>), to add to it makes a value that the filter would
/// find: Entra ID adds a first phone number as <c>phoneNumbers[type eq "mobile"].value</c>.
/// </remarks>
internal sealed class ValuesPatch(ScimAttribute attribute, JsonArray values, UserReader reader, ScimFaults faults)
{
    public void Apply(PatchKind kind, ScimPath path, string text, JsonElement value)
    {
        if (path.Filter is null)
        {
            ApplyToAll(kind, text, value);
        }
        else
        {
            ApplyToFound(kind, path, text, value);
        }
        if (values.Count > UserReader.ValuesMax)
        {
            faults.Add(ScimWords.InvalidValue, $"{attribute.Name} may have {UserReader.ValuesMax} values at most.");
        }
    }

    private void ApplyToAll(PatchKind kind, string text, JsonElement value)
    {
        var isNone = value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
        if (kind == PatchKind.Remove && isNone)
        {
            values.Clear();
            return;
        }
        // One value may stand without its array.
        var given =
            value.ValueKind == JsonValueKind.Object
                ? reader.ReadOne(attribute, value, text) is { } one
                    ? [one]
                    : []
                : reader.Read(attribute, value, text)?.AsArray() ?? [];
        if (kind == PatchKind.Replace)
        {
            values.Clear();
        }
        foreach (var item in given.OfType<JsonObject>().ToList())
        {
            if (kind == PatchKind.Remove)
            {
                values.RemoveAll(v => item.All(part => JsonNode.DeepEquals(v![part.Key], part.Value)));
            }
            else if (!values.Any(v => JsonNode.DeepEquals(v, item)))
            {
                Add(item.DeepClone().AsObject());
            }
        }
    }

    private void ApplyToFound(PatchKind kind, ScimPath path, string text, JsonElement value)
    {
        var found = values.OfType<JsonObject>().Where(v => IsFound(v, path.Filter!)).ToList();
        if (kind == PatchKind.Remove)
        {
            Remove(found, path.Sub);
            return;
        }
        if (found.Count == 0 && kind == PatchKind.Replace)
        {
            faults.Add(ScimWords.NoTarget, $"{ScimFaults.Quoted(text)} finds nothing to replace.");
            return;
        }
        var read = path.Sub is { } sub ? reader.Read(sub, value, text) : reader.ReadOne(attribute, value, text);
        if (read is null)
        {
            Remove(found, path.Sub);
            return;
        }
        if (found.Count == 0)
        {
            found.Add(Make(path.Filter!));
            values.Add(found[0]);
        }
        foreach (var item in found)
        {
            UserPatch.Merge(
                item,
                path.Sub is null ? read.AsObject() : new JsonObject { [path.Sub.Name] = read.DeepClone() }
            );
            ClaimPrimary(item);
        }
    }

    private void Remove(List<JsonObject> found, ScimAttribute? sub)
    {
        foreach (var item in found)
        {
            if (sub is null)
            {
                values.Remove(item);
            }
            else
            {
                item.Remove(sub.Name);
            }
        }
    }

    private void Add(JsonObject item)
    {
        values.Add(item);
        ClaimPrimary(item);
    }

    /// <summary>A new primary value takes that from the former one (RFC 7644, 3.5.2).</summary>
    private void ClaimPrimary(JsonObject winner)
    {
        if (UserDocument.IsPrimary(winner))
        {
            foreach (var other in values.OfType<JsonObject>().Where(v => v != winner))
            {
                other.Remove("primary");
            }
        }
    }

    private bool IsFound(JsonObject value, ScimFilter filter) =>
        filter.Terms.All(term =>
            value[attribute.Find(term.Path)!.Name] is { } part
            && part.ToString().Equals(term.Text, StringComparison.OrdinalIgnoreCase)
        );

    private JsonObject Make(ScimFilter filter)
    {
        var made = new JsonObject();
        foreach (var term in filter.Terms)
        {
            var sub = attribute.Find(term.Path)!;
            if (sub.Type == ScimType.Text)
            {
                made[sub.Name] = term.Text;
            }
            else if (bool.TryParse(term.Text, out var flag))
            {
                made[sub.Name] = flag;
            }
        }
        return made;
    }
}
