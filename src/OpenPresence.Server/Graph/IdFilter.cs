using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// The one filter that presence knows: <c>id in ('…','…')</c>. Quotes are required, as the real service
/// requires them (docs issue 15447, R); single <c>id eq '…'</c> is the same with one id.
/// </summary>
public static class IdFilter
{
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
            return new Refusal(
                RefusalKind.BadRequest,
                "Invalid filter clause: each id must be a GUID in single quotes."
            )
            {
                Target = "$filter",
            };
        }
        if (!found.Contains(id))
        {
            if (found.Count == IdScanner.IdsMax)
            {
                return new Refusal(
                    RefusalKind.BadRequest,
                    $"The filter names more than {IdScanner.IdsMax} distinct ids."
                )
                {
                    Target = "$filter",
                };
            }
            found.Add(id);
        }
        return null;
    }

    private static Refusal Unreadable() =>
        new(RefusalKind.BadRequest, "Invalid filter clause: supported is id in ('{id}','{id}').")
        {
            Target = "$filter",
        };
}
