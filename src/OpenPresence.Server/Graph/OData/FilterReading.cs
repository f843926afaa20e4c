using System.Collections.Immutable;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.OData;

/// <summary>One reading of one filter; the grammar is <see cref="FilterReader"/>'s.</summary>
internal sealed class FilterReading<T>(string filter, FilterSchema<T> schema)
{
    private readonly FilterTokens tokens = new(filter);
    private int values;

    /// <summary>Why it cannot be read; null: so far it can.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>The first word that needs the ConsistencyLevel header, as Graph's message names it; null: none.</summary>
    public string? NeedsConsistencyLevel { get; private set; }

    public Filter<T> ReadWhole()
    {
        var read = ReadAny(depth: 0);
        return Refusal is null && tokens.Kind != FilterTokenKind.End ? Unexpected() : read;
    }

    private Filter<T> ReadAny(int depth)
    {
        var filters = ImmutableArray.CreateBuilder<Filter<T>>();
        do
        {
            filters.Add(ReadAll(depth));
        } while (Refusal is null && TryTakeWord("or"));
        return filters.Count == 1 ? filters[0] : new FilterAny<T>(filters.ToImmutable());
    }

    private Filter<T> ReadAll(int depth)
    {
        var filters = ImmutableArray.CreateBuilder<Filter<T>>();
        do
        {
            filters.Add(ReadOne(depth));
        } while (Refusal is null && TryTakeWord("and"));
        return filters.Count == 1 ? filters[0] : new FilterAll<T>(filters.ToImmutable());
    }

    private Filter<T> ReadOne(int depth)
    {
        if (depth > FilterReader.DepthMax)
        {
            return Refuse($"Invalid filter clause: it nests deeper than {FilterReader.DepthMax} levels.");
        }
        if (TryTakeWord("not"))
        {
            NeedsConsistencyLevel ??= "not";
            return new FilterNot<T>(ReadOne(depth + 1));
        }
        if (tokens.TryTake(FilterTokenKind.Open))
        {
            var inner = ReadAny(depth + 1);
            return Expect(FilterTokenKind.Close) ? inner : Nothing;
        }
        if (tokens.Kind != FilterTokenKind.Word)
        {
            return Unexpected();
        }
        var (word, position) = (tokens.Text, tokens.Position);
        tokens.Take();
        return tokens.Kind == FilterTokenKind.Open ? ReadCall(word) : ReadTest(word, position);
    }

    private Filter<T> ReadCall(string function)
    {
        FilterOperator? known =
            function.Equals("startswith", StringComparison.OrdinalIgnoreCase) ? FilterOperator.StartsWith
            : function.Equals("endswith", StringComparison.OrdinalIgnoreCase) ? FilterOperator.EndsWith
            : null;
        if (known is not { } asked)
        {
            return Unsupported($"Filter function '{Shorten(function)}' is not supported.");
        }
        NeedsConsistencyLevel ??= asked == FilterOperator.EndsWith ? "endsWith" : null;
        tokens.Take();
        var (name, position) = (tokens.Text, tokens.Position);
        if (
            !Expect(FilterTokenKind.Word)
            || Property(name, position) is not { } property
            || !Expect(FilterTokenKind.Comma)
        )
        {
            return Nothing;
        }
        var text = tokens.Text;
        if (!Expect(FilterTokenKind.Text) || !Expect(FilterTokenKind.Close) || !Count())
        {
            return Nothing;
        }
        return property.Kind == FilterKind.Text
            ? new FilterTest<T>(property, asked, [text])
            : Unsupported(schema.UnsupportedClause(property.Name));
    }

    private Filter<T> ReadTest(string name, int position)
    {
        if (Property(name, position) is not { } property)
        {
            return Nothing;
        }
        if (TryTakeWord("eq"))
        {
            return new FilterTest<T>(property, FilterOperator.In, [ReadValue(property)]);
        }
        if (TryTakeWord("ne"))
        {
            NeedsConsistencyLevel ??= "ne";
            return new FilterNot<T>(new FilterTest<T>(property, FilterOperator.In, [ReadValue(property)]));
        }
        if (TryTakeWord("in"))
        {
            return ReadIn(property);
        }
        return tokens.Kind == FilterTokenKind.Word
            ? Unsupported($"Filter operator '{Shorten(tokens.Text)}' is not supported.")
            : Unexpected();
    }

    private Filter<T> ReadIn(FilterProperty<T> property)
    {
        var found = ImmutableArray.CreateBuilder<string?>();
        if (!Expect(FilterTokenKind.Open))
        {
            return Nothing;
        }
        do
        {
            found.Add(ReadValue(property));
        } while (Refusal is null && tokens.TryTake(FilterTokenKind.Comma));
        return Expect(FilterTokenKind.Close)
            ? new FilterTest<T>(property, FilterOperator.In, found.ToImmutable())
            : Nothing;
    }

    private string? ReadValue(FilterProperty<T> property)
    {
        var isFlag = property.Kind == FilterKind.Flag;
        if (!Count())
        {
            return null;
        }
        if (isFlag ? tokens.Is("true") || tokens.Is("false") : tokens.Kind == FilterTokenKind.Text)
        {
            var text = tokens.Text;
            tokens.Take();
            return text;
        }
        if (!TryTakeWord("null"))
        {
            Unexpected();
        }
        return null;
    }

    private FilterProperty<T>? Property(string name, int position)
    {
        if (schema.Find(name) is { } known)
        {
            return known;
        }
        if (schema.IsKnown(name))
        {
            Unsupported(schema.UnsupportedClause(name));
        }
        else
        {
            Refuse(
                $"Invalid filter clause: Could not find a property named '{Shorten(name)}' on type "
                    + $"'{schema.TypeName}', at position {position}."
            );
        }
        return null;
    }

    private bool Count()
    {
        if (++values > FilterReader.ValuesMax)
        {
            Refuse($"Invalid filter clause: it compares with more than {FilterReader.ValuesMax} values.");
        }
        return Refusal is null;
    }

    private bool TryTakeWord(string word)
    {
        if (!tokens.Is(word))
        {
            return false;
        }
        tokens.Take();
        return true;
    }

    private bool Expect(FilterTokenKind kind)
    {
        if (Refusal is not null)
        {
            return false;
        }
        if (tokens.TryTake(kind))
        {
            return true;
        }
        Unexpected();
        return false;
    }

    private Filter<T> Unexpected() =>
        Refuse($"Invalid filter clause: Syntax error at position {tokens.Position} in '{Shorten(filter)}'.");

    private Filter<T> Unsupported(string message) =>
        Refuse(new Refusal(RefusalKind.UnsupportedQuery, message) { Target = "$filter" });

    private Filter<T> Refuse(string message) =>
        Refuse(new Refusal(RefusalKind.BadRequest, message) { Target = "$filter" });

    private Filter<T> Refuse(Refusal why)
    {
        Refusal ??= why;
        return Nothing;
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";

    /// <summary>What reading goes on with after a fault; it is never asked.</summary>
    private static readonly Filter<T> Nothing = new FilterAny<T>([]);
}
