using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenPresence.Server.Jsonc;

/// <summary>
/// Durations as ISO 8601 writes them, without years and months, whose length depends on the date:
/// <c>PT5M</c>, <c>P1DT12H</c>, <c>PT0.5S</c>, <c>-PT30M</c>.
/// </summary>
public static partial class IsoDuration
{
    /// <summary>The duration that a text says; false when it says none.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var seconds =
            (Part(match, "weeks") * 604_800)
            + (Part(match, "days") * 86_400)
            + (Part(match, "hours") * 3_600)
            + (Part(match, "minutes") * 60)
            + Part(match, "seconds");
        if (seconds > (decimal)TimeSpan.MaxValue.TotalDays * 86_400 - 1)
        {
            return false;
        }

        duration = new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond));
        duration = match.Groups["minus"].Success ? -duration : duration;
        return true;
    }

    private static decimal Part(Match match, string name) =>
        match.Groups[name] is { Success: true, Value: var value }
            ? decimal.Parse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            : 0;

    // Nine digits a part keep the sum in a decimal; at least one part must follow P, and one T.
    [GeneratedRegex(
        """
            ^(?<minus>-)?P(?=\d|T\d)
            (?:(?<weeks>\d{1,9})W)?(?:(?<days>\d{1,9})D)?
            (?:T(?=\d)(?:(?<hours>\d{1,9})H)?(?:(?<minutes>\d{1,9})M)?
            (?:(?<seconds>\d{1,9}(?:\.\d{1,7})?)S)?)?\z
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Form();
}
