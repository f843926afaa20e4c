namespace OpenPresence.Server.Graph.OData;

/// <summary>Texts as words: what letters and digits there are between everything else.</summary>
public static class SearchWords
{
    /// <summary>Whether every word of <paramref name="sought"/> begins some word of the text.</summary>
    public static bool AllBeginIn(ReadOnlySpan<char> sought, ReadOnlySpan<char> text)
    {
        while (TakeWord(ref sought, out var word))
        {
            if (!BeginsIn(word, text))
            {
                return false;
            }
        }
        return true;
    }

    private static bool BeginsIn(ReadOnlySpan<char> word, ReadOnlySpan<char> text)
    {
        while (TakeWord(ref text, out var other))
        {
            if (other.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool TakeWord(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> word)
    {
        var start = 0;
        while (start < text.Length && !char.IsLetterOrDigit(text[start]))
        {
            start++;
        }
        var end = start;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
        {
            end++;
        }
        word = text[start..end];
        text = text[end..];
        return !word.IsEmpty;
    }
}
