using System.Text.RegularExpressions;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// How long an event lasts: first whole days on the calendar, then a time by the stopwatch. The days of a
/// DURATION are days of 23 to 25 hours; what DTEND says of a time of day is exact in every recurrence (RFC 5545,
/// 3.8.5.3).
/// </summary>
/// <param name="Days">On the calendar.</param>
/// <param name="Time">By the stopwatch.</param>
public readonly partial record struct EventLength(int Days, TimeSpan Time)
{
    /// <summary>The days that it can touch at most, for looking back.</summary>
    public int DaysMax => Days + (int)Math.Ceiling(Time.TotalDays);

    /// <summary>The end of something that starts then.</summary>
    public Engine.Instant EndOf(EventTime start)
    {
        var last = start with { Local = start.Local.AddDays(Days) };
        return last.At + Time;
    }

    /// <summary>
    /// From a start to an end of the same kind; null: the end lies before the start. A time may end as it starts,
    /// as reminders do, and takes none; what a day means that ends as it starts, programs disagree on.
    /// </summary>
    public static EventLength? Between(EventTime start, EventTime end)
    {
        var length = start.IsDate
            ? new EventLength(end.Date.DayNumber - start.Date.DayNumber, TimeSpan.Zero)
            : new EventLength(0, end.At - start.At);
        return length.Time < TimeSpan.Zero || (start.IsDate && length.Days <= 0) ? null : length;
    }

    /// <summary>Reads a DURATION's value, <c>P1W</c>, <c>P1DT2H</c>, <c>PT90M</c>; null: it is none.</summary>
    public static EventLength? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }
        var days = (7 * Part(match, "weeks")) + Part(match, "days");
        var time = new TimeSpan(Part(match, "hours"), Part(match, "minutes"), Part(match, "seconds"));
        return new EventLength(days, time);
    }

    private static int Part(Match match, string name) =>
        match.Groups[name] is { Success: true, Value: var digits } ? int.Parse(digits) : 0;

    // At least one part must follow P, and one T. Six digits a part keep every sum small.
    [GeneratedRegex(
        """
            ^\+?P(?=\d|T\d)(?:(?<weeks>\d{1,6})W)?(?:(?<days>\d{1,6})D)?
            (?:T(?:(?<hours>\d{1,6})H)?(?:(?<minutes>\d{1,6})M)?(?:(?<seconds>\d{1,6})S)?)?\z
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Form();
}
