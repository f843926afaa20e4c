using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>
/// Whom a filter means. One of its comparisons must be of what an index holds, so that no filter ever looks at more than
/// one person; the others are then asked of that person.
/// </summary>
internal static class ScimSearch
{
    private static readonly string[] Indexed = ["userName", "externalId", "id"];

    /// <summary>The people that a filter finds, at most one; null: the fault says why it is refused.</summary>
    public static IReadOnlyList<Person>? Find(ScimCall call, string text, out ScimFault? fault)
    {
        fault = null;
        if (ScimFilter.Parse(text, out var wrong) is not { } filter)
        {
            fault = Invalid(wrong);
            return null;
        }
        var faults = new ScimFaults();
        var comparisons = filter.Terms.Select(term => (Path: ScimPath.Parse(term.Path, faults), term.Text)).ToList();
        if (faults.Any || comparisons.Exists(c => !IsPlain(c.Path)))
        {
            fault = Invalid("A filter compares attributes that have one value, such as userName.");
            return null;
        }
        var index = comparisons.FindIndex(c => Indexed.Contains(c.Path!.Attribute!.Name));
        if (index < 0)
        {
            fault = Invalid($"One comparison must be of {string.Join(", ", Indexed)}; others have no index.");
            return null;
        }
        return
            TryFind(call, comparisons[index].Path!.Attribute!.Name, comparisons[index].Text, out var person)
            && comparisons.TrueForAll(c => Holds(person, c.Path!, c.Text))
            ? [person]
            : [];
    }

    private static bool TryFind(ScimCall call, string attribute, string text, [NotNullWhen(true)] out Person? person)
    {
        var directory = call.Server.Directory;
        return attribute switch
        {
            "externalId" => directory.TryGetPersonByExternalId(call.Client.TenantId, text, out person),
            "userName" => directory.TryGetPerson(text, out person) && person.TenantId == call.Client.TenantId,
            _ => call.TryGetPerson(text, out person),
        };
    }

    private static bool Holds(Person person, ScimPath path, string text)
    {
        if (path.Attribute!.Name == "id")
        {
            return text.Equals(person.Id.ToString(), StringComparison.OrdinalIgnoreCase);
        }
        JsonNode? value = UserDocument.Of(person);
        value = path.Schema == ScimSchema.User ? value : value[path.Schema.Id];
        value = value?[path.Attribute.Name];
        value = path.Sub is { } sub ? value?[sub.Name] : value;
        return value is not null
            && value
                .ToString()
                .Equals(
                    text,
                    path.Attribute.IsCaseExact ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase
                );
    }

    /// <summary>One value, kept; the id is read only, and kept in its way.</summary>
    private static bool IsPlain(ScimPath? path) =>
        path is { Attribute: { IsMultiValued: false } attribute, Filter: null, IsNotKept: false }
        && (attribute.Type != ScimType.Complex || path.Sub is not null);

    private static ScimFault Invalid(string detail) => ScimFault.BadRequest(ScimWords.InvalidFilter, detail);
}
