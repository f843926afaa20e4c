namespace OpenPresence.Server.Graph;

/// <summary>
/// Fractions of a second that are finer than a tick: Java's clocks write nine digits. They are cut to the seven that a
/// tick has, not rounded, so that an instant never moves into the next second.
/// </summary>
internal static class SecondFractions
{
    private const int DigitsMax = 7;

    /// <summary>The text with no more than seven digits behind the point; unchanged where there is no such fraction.</summary>
    public static string Cut(string text)
    {
        var point = text.LastIndexOf('.');
        if (point < 0)
        {
            return text;
        }
        var end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }
        return end - point - 1 <= DigitsMax
            ? text
            : string.Concat(text.AsSpan(0, point + 1 + DigitsMax), text.AsSpan(end));
    }
}
