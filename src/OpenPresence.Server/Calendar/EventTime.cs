using System.Globalization;
using NodaTime;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// A date, or a date and time, of a calendar, in the zone that it counts in. A local time that the clocks skip
/// counts as if they had not been put forward; of one that comes twice the first counts (RFC 5545, 3.3.5).
/// </summary>
/// <param name="Local">As a clock on the wall shows it; of a date its midnight.</param>
/// <param name="Zone">Where that clock hangs.</param>
/// <param name="IsDate">A whole day.</param>
public readonly record struct EventTime(DateTime Local, DateTimeZone Zone, bool IsDate)
{
    private const string DateForm = "yyyyMMdd";
    private const string TimeForm = "yyyyMMdd'T'HHmmss";

    /// <summary>The date on that wall.</summary>
    public DateOnly Date => DateOnly.FromDateTime(Local);

    /// <summary>The instant; of a date the first one, which is not midnight everywhere.</summary>
    public Engine.Instant At => IsDate ? TimeZones.StartOfDay(Date, Zone) : TimeZones.At(Local, Zone);

    /// <summary>The same time of day in the same zone on another date.</summary>
    public EventTime On(DateOnly date) => this with { Local = date.ToDateTime(TimeOnly.FromDateTime(Local)) };

    /// <summary>Reads one value of a line; null and a fault when it is none.</summary>
    public static EventTime? Read(ContentLine line, string value, CalendarZones zones, CalendarFaults faults)
    {
        var type = line.Parameter("VALUE")?.ToUpperInvariant();
        var isDate = value.Length == DateForm.Length;
        var isUtc = value is [.., 'Z'];
        var isRead = DateTime.TryParseExact(
            WithoutLeapSecond(isUtc ? value[..^1] : value),
            isDate ? DateForm : TimeForm,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var local
        );
        if (
            !isRead
            || (type == "DATE" && !isDate)
            || (type == "DATE-TIME" && isDate)
            || local.Year is < CalendarLimits.YearMin or > CalendarLimits.YearMax
        )
        {
            faults.Add(
                line.Number,
                $"{line.Name}: '{CalendarFaults.Echo(value)}' is no date (20260827) and no time (20260827T120000, or with Z) of the years {CalendarLimits.YearMin} to {CalendarLimits.YearMax}."
            );
            return null;
        }
        if (isDate || isUtc)
        {
            return new(local, isDate ? zones.Person : DateTimeZone.Utc, isDate);
        }
        if (line.Parameter("TZID") is not { } id)
        {
            return new(local, zones.Person, false);
        }
        if (zones.Find(id) is { } zone)
        {
            return new(local, zone, false);
        }
        faults.Add(
            line.Number,
            $"{line.Name}: TZID '{CalendarFaults.Echo(id)}' is neither an IANA nor a Windows zone, and no VTIMEZONE says its place."
        );
        return null;
    }

    /// <summary>A minute's 61st second stands in for the 60th.</summary>
    private static string WithoutLeapSecond(string value) =>
        value.Length == "20260827T235960".Length && value.EndsWith("60", StringComparison.Ordinal)
            ? value[..^2] + "59"
            : value;
}
