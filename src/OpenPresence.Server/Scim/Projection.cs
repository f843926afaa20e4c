using System.Text.Json.Nodes;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>
/// Which attributes an answer shows: <c>attributes</c> names them, <c>excludedAttributes</c> those that it leaves out, each
/// an attribute or a part of one. The id and the schemas are always there. What names nothing shows nothing more.
/// </summary>
internal sealed class Projection
{
    /// <summary>The most names in a list.</summary>
    public const int NamesMax = 50;

    private static readonly string[] Always = ["schemas", "id"];

    private readonly HashSet<string>? shown;
    private readonly HashSet<string> hidden;

    private Projection(HashSet<string>? shown, HashSet<string> hidden) => (this.shown, this.hidden) = (shown, hidden);

    /// <summary>Reads the two parameters; null: the fault says what is wrong.</summary>
    public static Projection? Parse(IQueryCollection query, out ScimFault? fault)
    {
        var named = Names(query["attributes"]);
        var excluded = Names(query["excludedAttributes"]) ?? [];
        fault =
            named is not null && excluded.Count > 0 ? Invalid("attributes and excludedAttributes exclude each other.")
            : (named?.Count ?? excluded.Count) > NamesMax ? Invalid($"{NamesMax} attributes can be named at most.")
            : null;
        return fault is null ? new Projection(named, excluded) : null;
    }

    /// <summary>A person as a user with these attributes.</summary>
    public JsonObject Of(Person person, string baseUrl)
    {
        var kept = UserDocument.Of(person);
        var schemas = new JsonArray(ScimSchema.UserId);
        if (kept.ContainsKey(ScimSchema.EnterpriseId))
        {
            schemas.Add(ScimSchema.EnterpriseId);
        }
        var user = new JsonObject { ["schemas"] = schemas, ["id"] = person.Id.ToString() };
        foreach (var (name, value) in kept)
        {
            user[name] = value!.DeepClone();
        }
        user["meta"] = new JsonObject { ["resourceType"] = "User", ["location"] = $"{baseUrl}/Users/{person.Id}" };
        Prune(user, "");
        return user;
    }

    private void Prune(JsonObject parts, string prefix)
    {
        foreach (var (name, value) in parts.ToList())
        {
            if (prefix.Length == 0 && Always.Contains(name, StringComparer.Ordinal))
            {
                continue;
            }
            var path = prefix + name;
            var separator = name == ScimSchema.EnterpriseId ? ":" : ".";
            if (hidden.Contains(path) || shown?.Contains(path) == true)
            {
                if (hidden.Contains(path))
                {
                    parts.Remove(name);
                }
                continue;
            }
            foreach (var inner in Inner(value))
            {
                Prune(inner, path + separator);
            }
            var inners = Inner(value);
            if (inners.TrueForAll(i => i.Count == 0) && (shown is not null || inners.Count > 0))
            {
                parts.Remove(name);
            }
        }
    }

    private static List<JsonObject> Inner(JsonNode? value) =>
        value switch
        {
            JsonObject parts => [parts],
            JsonArray values => [.. values.OfType<JsonObject>()],
            _ => [],
        };

    private static HashSet<string>? Names(string? list)
    {
        if (string.IsNullOrWhiteSpace(list))
        {
            return null;
        }
        const string core = ScimSchema.UserId + ":";
        return list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.StartsWith(core, StringComparison.OrdinalIgnoreCase) ? name[core.Length..] : name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static ScimFault Invalid(string detail) => ScimFault.BadRequest(ScimWords.InvalidValue, detail);
}
