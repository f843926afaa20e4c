using System.Globalization;
using System.Text;

namespace OpenPresence.Server.Cli.Terminal;

/// <summary>
/// Texts of other people, made harmless for a terminal. A status message may hold whatever its author likes, and a terminal obeys
/// what begins with Escape: it would move the cursor, rename the window, or show another person's line.
/// </summary>
internal static class PlainText
{
    /// <summary>The text in one line, without characters that steer.</summary>
    public static string Of(string? text)
    {
        if (text is null)
        {
            return "";
        }
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is var category && IsSpace(rune, category))
            {
                plain.Append(' ');
            }
            else if (!IsSteering(rune, category))
            {
                plain.Append(rune);
            }
        }
        return plain.ToString();
    }

    private static bool IsSpace(Rune rune, UnicodeCategory category) =>
        rune.Value is '\n' or '\r' or '\t'
        || category is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // Format characters turn the direction of what follows; the joiners among them are part of emoji and words.
    private static bool IsSteering(Rune rune, UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.Surrogate
        || (category is UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D));
}
