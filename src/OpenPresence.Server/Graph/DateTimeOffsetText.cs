using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Reads what the schema calls a DateTimeOffset: ISO 8601 with seconds and an offset, two digits for everything but the
/// year. The service takes no other spelling, although many libraries would (microsoft-graph-docs issues 2231 and
/// 3041, R); a client that got through here with one would fail there.
/// </summary>
internal static partial class DateTimeOffsetText
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static bool TryRead(string text, out DateTimeOffset at)
    {
        at = default;
        return Form().IsMatch(text)
            && DateTimeOffset.TryParseExact(
                SecondFractions.Cut(text),
                Formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out at
            );
    }

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Form();
}
