namespace OpenPresence.Server.Scim;

/// <summary>
/// Where an operation of a PATCH aims: <c>title</c>, <c>name.givenName</c>, <c>emails[type eq "work"].value</c>, each
/// with or without the schema's URN before it, or an extension as a whole.
/// </summary>
/// <param name="Schema">Whose attribute it is.</param>
/// <param name="Attribute">The attribute; null: all of the schema's.</param>
/// <param name="Filter">Which of several values; null: it does not say.</param>
/// <param name="Sub">The part of the attribute; null: the whole.</param>
internal sealed record ScimPath(
    ScimSchema Schema,
    ScimAttribute? Attribute,
    ScimFilter? Filter = null,
    ScimAttribute? Sub = null
)
{
    public const int CharsMax = 512;

    /// <summary>Whether nothing of what it names is kept.</summary>
    public bool IsNotKept => Attribute is { IsKept: false } || Sub is { IsKept: false };

    /// <summary>Reads a path; null: the faults say what is wrong with it.</summary>
    public static ScimPath? Parse(string text, ScimFaults faults)
    {
        if (text.Length > CharsMax)
        {
            faults.Add(ScimWords.InvalidPath, $"A path has {CharsMax} characters at most.");
            return null;
        }
        if (ScimSchema.Find(text) is { } whole)
        {
            return new ScimPath(whole, null);
        }
        var schema = ScimSchema.User;
        ReadOnlySpan<char> rest = text;
        foreach (var known in ScimSchema.All)
        {
            if (rest.StartsWith(known.Id + ':', StringComparison.OrdinalIgnoreCase))
            {
                schema = known;
                rest = rest[(known.Id.Length + 1)..];
                break;
            }
        }
        var end = rest.IndexOfAny('.', '[');
        if (ScimAttribute.Find(schema.Attributes, end < 0 ? rest : rest[..end]) is not { } found)
        {
            return Refuse(text, "names no attribute of a user", faults);
        }
        return end < 0
            ? new ScimPath(schema, found)
            : ParseInner(text, new ScimPath(schema, found), rest[end..], faults);
    }

    private static ScimPath? ParseInner(string text, ScimPath path, ReadOnlySpan<char> rest, ScimFaults faults)
    {
        var attribute = path.Attribute!;
        if (rest[0] == '[')
        {
            var close = rest.LastIndexOf(']');
            if (close < 0 || (attribute.IsKept && !attribute.IsMultiValued))
            {
                return Refuse(text, "has no values to choose among", faults);
            }
            if (ScimFilter.Parse(rest[1..close].ToString(), out var fault) is not { } filter)
            {
                faults.Add(ScimWords.InvalidFilter, $"{ScimFaults.Quoted(text)}: {fault}");
                return null;
            }
            if (attribute.IsKept && filter.Terms.Any(term => attribute.Find(term.Path) is null))
            {
                return Refuse(text, "compares what its values do not have", faults);
            }
            path = path with { Filter = filter };
            rest = rest[(close + 1)..];
        }
        if (rest.IsEmpty || !attribute.IsKept)
        {
            return path;
        }
        if (rest[0] != '.' || attribute.Find(rest[1..]) is not { } sub)
        {
            return Refuse(text, "names no part of its attribute", faults);
        }
        return attribute.IsMultiValued && path.Filter is null
            ? Refuse(text, $"must say which of several, as {attribute.Name}[type eq \"work\"]", faults)
            : path with
            {
                Sub = sub,
            };
    }

    private static ScimPath? Refuse(string text, string why, ScimFaults faults)
    {
        faults.Add(ScimWords.InvalidPath, $"The path {ScimFaults.Quoted(text)} {why}.");
        return null;
    }
}
