using System.Globalization;
using OpenPresence.Engine;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Seed;

/// <summary>
/// The times of a seed: an instant (<c>2026-11-21T09:00:00Z</c>, with its offset), or a duration from the start of
/// the server (<c>PT2H</c>; <c>-PT30M</c>: half an hour ago), so that a demo looks alive whenever it is
/// started.
/// </summary>
internal static class SeedTimes
{
    private const int CharsMax = 64;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The instant of a member; null when it is missing or, with a fault, none.</summary>
    public static Instant? Instant(SeedReading reading, JsoncMembers members, string name)
    {
        if (members.Text(name, CharsMax) is not { } text)
        {
            return null;
        }

        if (IsoDuration.TryParse(text, out var fromNow))
        {
            return reading.At + fromNow;
        }

        // Without an offset the instant would depend on the machine: AssumeUniversal is the tempting default.
        var hasOffset = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T');
        if (
            hasOffset
            && DateTimeOffset.TryParseExact(
                text,
                Forms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var instant
            )
        )
        {
            return Engine.Instant.From(instant);
        }

        reading.Report(
            members.Any(name)!,
            $"'{text}' is neither an instant with its offset (2026-11-21T09:00:00Z) nor a duration from the start (PT2H, -PT30M)."
        );
        return null;
    }

    /// <summary>A duration between two limits; what counts otherwise when it is missing or wrong.</summary>
    public static TimeSpan Duration(
        SeedReading reading,
        JsoncMembers members,
        string name,
        (TimeSpan Min, TimeSpan Max) limits,
        TimeSpan otherwise
    )
    {
        if (members.Text(name, CharsMax) is not { } text)
        {
            return otherwise;
        }

        var value = members.Any(name)!;
        if (!IsoDuration.TryParse(text, out var duration))
        {
            reading.Report(value, $"'{text}' is no ISO 8601 duration such as PT30M or P1D.");
        }
        else if (duration < limits.Min || duration > limits.Max)
        {
            reading.Report(value, $"{text} is not between {limits.Min} and {limits.Max}.");
        }
        else
        {
            return duration;
        }

        return otherwise;
    }
}
