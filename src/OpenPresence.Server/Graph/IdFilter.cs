using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// The one filter that presence knows: <c>id in ('…','…')</c>. Quotes are required, as the real service
/// requires them (docs issue 15447, R); single <c>id eq '…'</c> is the same with one id.
/// </summary>
public static class IdFilter
{
    /// <summary>What is said of a filter that cannot be used.</summary>
    public const string Words = "Invalid filter clause";

    /// <summary>Reads the filter into distinct ids, in order.</summary>
    public static Refusal? Parse(string filter, out IReadOnlyList<Guid> ids)
    {
        var found = new List<Guid>();
        ids = found;
        var rest = filter.AsSpan().Trim();
        if (!TakeWord(ref rest, "id"))
        {
            return Unreadable();
        }
        if (TakeWord(ref rest, "eq"))
        {
            return ReadId(rest, found);
        }
        if (!TakeWord(ref rest, "in") || rest is not ['(', .., ')'])
        {
            return Unreadable();
        }
        foreach (var range in rest[1..^1].Split(','))
        {
            if (ReadId(rest[1..^1][range].Trim(), found) is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    private static bool TakeWord(ref ReadOnlySpan<char> rest, string word)
    {
        if (
            !rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            || (rest.Length > word.Length && char.IsLetterOrDigit(rest[word.Length]))
        )
        {
            return false;
        }
        rest = rest[word.Length..].TrimStart();
        return true;
    }

    private static Refusal? ReadId(ReadOnlySpan<char> text, List<Guid> found)
    {
        if (text is not ['\'', .., '\''] || text.Length < 2 || !Guid.TryParseExact(text[1..^1], "D", out var id))
        {
            return Invalid("Each id must be a GUID in single quotes.");
        }
        if (!found.Contains(id))
        {
            if (found.Count == IdScanner.IdsMax)
            {
                return Invalid($"It names more than {IdScanner.IdsMax} distinct ids.");
            }
            found.Add(id);
        }
        return null;
    }

    private static Refusal Unreadable() => Invalid("Supported is id in ('{id}','{id}').");

    /// <summary>COMPAT(graph): the service's own words (R); which part it is stands in the details.</summary>
    private static Refusal Invalid(string explanation) =>
        new(RefusalKind.BadRequest, Words) { Target = "$filter", Details = [new("$filter", explanation)] };
}
