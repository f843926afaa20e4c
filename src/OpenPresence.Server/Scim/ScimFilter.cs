using System.Collections.Immutable;
using System.Text.Json;

namespace OpenPresence.Server.Scim;

/// <summary>One comparison of a filter.</summary>
/// <param name="Path">The attribute as it was written.</param>
/// <param name="Text">The value as a text; of true and false, these words.</param>
internal readonly record struct ScimTerm(string Path, string Text);

/// <summary>
/// A filter of RFC 7644, as far as identity providers use it and an index answers it: comparisons with <c>eq</c>, joined
/// with <c>and</c>. Everything else is refused by name: a filter that was answered in part would make a provider
/// believe that a person does not exist, and create the person again.
/// </summary>
internal sealed record ScimFilter(ImmutableArray<ScimTerm> Terms)
{
    public const int CharsMax = 1_024;
    public const int TermsMax = 8;

    /// <summary>Reads a whole filter; null: the fault says what is wrong.</summary>
    public static ScimFilter? Parse(string text, out string fault)
    {
        fault = $"A filter has {CharsMax} characters at most.";
        if (text.Length > CharsMax)
        {
            return null;
        }
        var terms = ImmutableArray.CreateBuilder<ScimTerm>();
        ReadOnlySpan<char> rest = text;
        while (true)
        {
            if (ReadTerm(ref rest, out fault) is not { } term)
            {
                return null;
            }
            terms.Add(term);
            rest = rest.TrimStart(' ');
            if (rest.IsEmpty)
            {
                return new ScimFilter(terms.DrainToImmutable());
            }
            var join = TakeWord(ref rest);
            if (!join.Equals("and", StringComparison.OrdinalIgnoreCase))
            {
                fault = $"Comparisons are joined with 'and' alone, not {ScimFaults.Quoted(join)}.";
                return null;
            }
            if (terms.Count == TermsMax)
            {
                fault = $"A filter has {TermsMax} comparisons at most.";
                return null;
            }
        }
    }

    private static ScimTerm? ReadTerm(ref ReadOnlySpan<char> rest, out string fault)
    {
        var path = TakeWord(ref rest);
        var comparison = TakeWord(ref rest);
        if (path.IsEmpty || path.ContainsAny("()[]\""))
        {
            fault = "A filter is made of comparisons such as userName eq \"ada@contoso.example\".";
            return null;
        }
        if (!comparison.Equals("eq", StringComparison.OrdinalIgnoreCase))
        {
            fault = $"Comparisons are made with 'eq' alone, not {ScimFaults.Quoted(comparison)}.";
            return null;
        }
        var value = TakeValue(ref rest);
        fault = $"The value {ScimFaults.Quoted(value)} must be true, false or a text in quotes.";
        return value switch
        {
            "true" or "false" => new ScimTerm(path.ToString(), value.ToString()),
            ['"', .., '"'] => Unquote(value) is { } text ? new(path.ToString(), text) : null,
            _ => null,
        };
    }

    private static ReadOnlySpan<char> TakeWord(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        var end = rest.IndexOf(' ');
        var word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..];
        return word;
    }

    /// <summary>A text up to the quote that ends it, or a word.</summary>
    private static ReadOnlySpan<char> TakeValue(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        if (rest is not ['"', ..])
        {
            return TakeWord(ref rest);
        }
        var end = 1;
        while (end < rest.Length && rest[end] != '"')
        {
            end += rest[end] == '\\' ? 2 : 1;
        }
        end = Math.Min(end + 1, rest.Length);
        var value = rest[..end];
        rest = rest[end..];
        // Something right behind the quote is no word of its own.
        return rest is [not ' ', ..] ? "" : value;
    }

    /// <summary>Texts are written as in JSON.</summary>
    private static string? Unquote(ReadOnlySpan<char> value)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(value);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
