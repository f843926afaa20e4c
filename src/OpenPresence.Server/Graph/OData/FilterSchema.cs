namespace OpenPresence.Server.Graph.OData;

/// <summary>What can be asked of a row, by the names of Graph's type; letter case does not count.</summary>
/// <param name="typeName">As messages name it, <c>microsoft.graph.user</c>.</param>
/// <param name="properties">What a filter may name.</param>
/// <param name="known">Every name of the type, those included that no filter may name.</param>
public sealed class FilterSchema<T>(
    string typeName,
    IEnumerable<FilterProperty<T>> properties,
    IEnumerable<string> known
)
{
    private readonly Dictionary<string, FilterProperty<T>> byName = properties.ToDictionary(
        property => property.Name,
        StringComparer.OrdinalIgnoreCase
    );

    private readonly HashSet<string> names = new(known, StringComparer.OrdinalIgnoreCase);

    public string TypeName => typeName;

    public FilterProperty<T>? Find(string name) => byName.GetValueOrDefault(name);

    public bool IsKnown(string name) => names.Contains(name);

    /// <summary>COMPAT(graph): what is said of a property that cannot be asked so (R).</summary>
    public string UnsupportedClause(string name)
    {
        var type = typeName[(typeName.LastIndexOf('.') + 1)..];
        return $"Unsupported or invalid query filter clause specified for property '{name}' of resource "
            + $"'{char.ToUpperInvariant(type[0])}{type[1..]}'.";
    }
}
