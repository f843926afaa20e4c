using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Cli.Client;

/// <summary>How long, as people type it (<c>90s</c>, <c>1h30m</c>, <c>2d</c>) or as ISO 8601 has it (<c>PT1H30M</c>).</summary>
internal static partial class DurationText
{
    /// <summary>Reads a duration that must be longer than nothing.</summary>
    public static TimeSpan Read(string option, string text) =>
        TryRead(text, out var duration) && duration > TimeSpan.Zero
            ? duration
            : throw new CommandFailedException(
                $"{option}: '{text}' is no duration.",
                "Say 90s, 5m, 1h30m or 2d, or PT1H30M as in ISO 8601.",
                ExitCode.BadInput
            );

    /// <summary>As Graph wants it.</summary>
    public static string Iso(TimeSpan duration) => XmlConvert.ToString(duration);

    private static bool TryRead(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Short().Match(text);
        if (!match.Success)
        {
            return IsoDuration.TryParse(text, out duration);
        }
        var seconds =
            (Part(match, "days") * 86_400)
            + (Part(match, "hours") * 3_600)
            + (Part(match, "minutes") * 60)
            + Part(match, "seconds");
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static long Part(Match match, string name) =>
        match.Groups[name] is { Success: true, Value: var value }
            ? long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex(
        """
            ^(?=\d)(?:(?<days>\d{1,6})d)?(?:(?<hours>\d{1,6})h)?
            (?:(?<minutes>\d{1,6})m)?(?:(?<seconds>\d{1,6})s)?\z
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Short();
}
