namespace OpenPresence.Server.Graph.OData;

/// <summary>The kinds of what a filter is made of.</summary>
internal enum FilterTokenKind : byte
{
    End,

    /// <summary>A name or a word of the language; <c>/</c> and <c>.</c> belong to names.</summary>
    Word,

    /// <summary>A text in single quotes, which inside of it are doubled.</summary>
    Text,
    Open,
    Close,
    Comma,

    /// <summary>What has no place in a filter, or a text that does not end.</summary>
    Wrong,
}

/// <summary>A filter, token by token; the current one is looked at until it is taken.</summary>
internal sealed class FilterTokens
{
    private readonly string filter;
    private int next;

    public FilterTokens(string filter)
    {
        this.filter = filter;
        Take();
    }

    public FilterTokenKind Kind { get; private set; }

    /// <summary>A word as it stands, a text without its quotes.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Where the current token begins.</summary>
    public int Position { get; private set; }

    /// <summary>Whether the current token is this word of the language, in any letter case.</summary>
    public bool Is(string word) =>
        Kind == FilterTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Goes on to the next token.</summary>
    public void Take()
    {
        while (next < filter.Length && char.IsWhiteSpace(filter[next]))
        {
            next++;
        }
        Position = next;
        (Kind, Text) = next == filter.Length ? (FilterTokenKind.End, "") : Read(filter[next]);
    }

    /// <summary>Goes on if the current token is of that kind.</summary>
    public bool TryTake(FilterTokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }
        Take();
        return true;
    }

    private (FilterTokenKind, string) Read(char first)
    {
        switch (first)
        {
            case '(':
                next++;
                return (FilterTokenKind.Open, "(");
            case ')':
                next++;
                return (FilterTokenKind.Close, ")");
            case ',':
                next++;
                return (FilterTokenKind.Comma, ",");
            case '\'':
                return ReadText();
            default:
                return ReadWord();
        }
    }

    private (FilterTokenKind, string) ReadText()
    {
        var end = next + 1;
        while (end < filter.Length && (filter[end] != '\'' || IsDoubled(end)))
        {
            end += filter[end] == '\'' ? 2 : 1;
        }
        if (end >= filter.Length)
        {
            next = filter.Length;
            return (FilterTokenKind.Wrong, "'");
        }
        var text = filter[(next + 1)..end].Replace("''", "'", StringComparison.Ordinal);
        next = end + 1;
        return (FilterTokenKind.Text, text);
    }

    private bool IsDoubled(int quote) => quote + 1 < filter.Length && filter[quote + 1] == '\'';

    private (FilterTokenKind, string) ReadWord()
    {
        var end = next;
        while (end < filter.Length && IsOfWord(filter[end]))
        {
            end++;
        }
        if (end == next)
        {
            next++;
            return (FilterTokenKind.Wrong, filter[end..next]);
        }
        var word = filter[next..end];
        next = end;
        return (FilterTokenKind.Word, word);
    }

    private static bool IsOfWord(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '-' or '@' or ':' or '$';
}
