using System.Collections.Immutable;
using System.Text;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.OData;

/// <summary>
/// Reads <c>$search</c> of directory objects: clauses in double quotes, each <c>property:text</c>, joined by
/// <c>AND</c> and <c>OR</c> in capitals, with parentheses (search-query-parameter page, D). A property of names is
/// searched by words, every other by its beginning. The limits are those of <see cref="FilterReader"/>.
/// </summary>
public static class SearchReader
{
    /// <summary>Reads a search.</summary>
    /// <param name="search">The text of the query option.</param>
    /// <param name="schema">What can be searched.</param>
    /// <param name="byWords">Which of it by words.</param>
    /// <param name="read">The condition, when it could be read.</param>
    public static Refusal? Read<T>(
        string search,
        FilterSchema<T> schema,
        IReadOnlySet<string> byWords,
        out Filter<T> read
    )
    {
        var reading = new SearchReading<T>(search, schema, byWords);
        read = reading.ReadWhole();
        return reading.Refusal;
    }
}

/// <summary>One reading of one search.</summary>
internal sealed class SearchReading<T>(string search, FilterSchema<T> schema, IReadOnlySet<string> byWords)
{
    private int next;
    private int clauses;

    public Refusal? Refusal { get; private set; }

    public Filter<T> ReadWhole()
    {
        var read = ReadAny(depth: 0);
        SkipSpaces();
        return Refusal is null && next < search.Length ? Refuse() : read;
    }

    private Filter<T> ReadAny(int depth)
    {
        var filters = ImmutableArray.CreateBuilder<Filter<T>>();
        do
        {
            filters.Add(ReadAll(depth));
        } while (Refusal is null && TryTake("OR"));
        return new FilterAny<T>(filters.ToImmutable());
    }

    private Filter<T> ReadAll(int depth)
    {
        var filters = ImmutableArray.CreateBuilder<Filter<T>>();
        do
        {
            filters.Add(ReadOne(depth));
        } while (Refusal is null && TryTake("AND"));
        return new FilterAll<T>(filters.ToImmutable());
    }

    private Filter<T> ReadOne(int depth)
    {
        if (depth > FilterReader.DepthMax || ++clauses > FilterReader.ValuesMax)
        {
            return Refuse("The search is too deep or too long.");
        }
        if (TryTake("("))
        {
            var inner = ReadAny(depth + 1);
            return Refusal is null && !TryTake(")") ? Refuse() : inner;
        }
        if (ReadQuoted() is not { } clause)
        {
            return Refuse();
        }
        var colon = clause.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : clause[..colon].Trim();
        if (schema.Find(name) is not { Kind: FilterKind.Text } property)
        {
            return Refuse("A clause is \"property:text\", of a property that can be searched.");
        }
        if (clause.AsSpan(colon + 1).Trim().IsEmpty)
        {
            return Refuse("A clause needs a text after its property.");
        }
        return new FilterTest<T>(
            property,
            byWords.Contains(property.Name) ? FilterOperator.HasWords : FilterOperator.StartsWith,
            [clause[(colon + 1)..].Trim()]
        );
    }

    /// <summary>A text in double quotes; a backslash takes the next character as it is. Null: there is none.</summary>
    private string? ReadQuoted()
    {
        SkipSpaces();
        if (next >= search.Length || search[next] != '"')
        {
            return null;
        }
        var text = new StringBuilder();
        for (var at = next + 1; at < search.Length; at++)
        {
            if (search[at] == '"')
            {
                next = at + 1;
                return text.ToString();
            }
            at += search[at] == '\\' && at + 1 < search.Length ? 1 : 0;
            text.Append(search[at]);
        }
        return null;
    }

    private bool TryTake(string word)
    {
        SkipSpaces();
        if (!search.AsSpan(next).StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }
        next += word.Length;
        return true;
    }

    private void SkipSpaces()
    {
        while (next < search.Length && char.IsWhiteSpace(search[next]))
        {
            next++;
        }
    }

    private Filter<T> Refuse(string? what = null)
    {
        Refusal ??= new Refusal(
            RefusalKind.BadRequest,
            $"Invalid search clause at position {next}. "
                + (what ?? "Expected is \"property:text\", joined by AND and OR.")
        )
        {
            Target = "$search",
        };
        return new FilterAny<T>([]);
    }
}
