using System.Collections.Immutable;

namespace OpenPresence.Server.Calendar;

/// <summary>How often a rule's period comes.</summary>
public enum RecurrenceFrequency : byte
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>
/// A recurrence rule (RFC 5545, 3.3.10) whose frequency is a day or longer. RFC 5545 has a table of which BY part
/// expands a period and which limits it. Here both are one question, asked of every day of a period: does
/// it match? (<see cref="Matches"/>) The parts all have to agree; where there is none, the day of DTSTART
/// stands in. The tempting other way, expanding part by part, needs that table and a special case in each row.
/// </summary>
/// <remarks>RFC 5545's BYSECOND, BYMINUTE, BYHOUR, BYYEARDAY and BYWEEKNO are not read.</remarks>
public sealed record RecurrenceRule(RecurrenceFrequency Frequency)
{
    /// <summary>Every how many periods; 1 to <see cref="IntervalMax"/>.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>Longer intervals reach beyond every horizon.</summary>
    public const int IntervalMax = 1_000_000;

    /// <summary>How many recurrences in all, the start among them; null: no end by number.</summary>
    public int? Count { get; init; }

    /// <summary>The last date on which one may start; null: no end by date.</summary>
    public DateOnly? UntilDate { get; init; }

    /// <summary>The last instant at which one may start; null: no end by instant.</summary>
    public Engine.Instant? UntilAt { get; init; }

    /// <summary>BYMONTH.</summary>
    public ImmutableArray<int> Months { get; init; } = [];

    /// <summary>BYMONTHDAY; -1 is the last day.</summary>
    public ImmutableArray<int> MonthDays { get; init; } = [];

    /// <summary>BYDAY; the ordinal is 0 for every such day.</summary>
    public ImmutableArray<(int Ordinal, DayOfWeek Day)> WeekDays { get; init; } = [];

    /// <summary>BYSETPOS: which of a period's matching days count; -1 is the last.</summary>
    public ImmutableArray<int> Positions { get; init; } = [];

    /// <summary>WKST.</summary>
    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    /// <summary>Whether a day of one of its periods is a recurrence of what started on <paramref name="start"/>.</summary>
    public bool Matches(DateOnly day, DateOnly start) =>
        (Months.IsEmpty || Months.Contains(day.Month))
        && (MonthDays.IsEmpty || MatchesMonthDay(day))
        && (WeekDays.IsEmpty ? MatchesStart(day, start) : MatchesWeekDay(day));

    private bool MatchesMonthDay(DateOnly day)
    {
        var fromEnd = day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1;
        return MonthDays.Contains(day.Day) || MonthDays.Contains(fromEnd);
    }

    private bool MatchesStart(DateOnly day, DateOnly start) =>
        Frequency switch
        {
            RecurrenceFrequency.Daily => true,
            RecurrenceFrequency.Weekly => day.DayOfWeek == start.DayOfWeek,
            _ when !MonthDays.IsEmpty => true,
            RecurrenceFrequency.Monthly => day.Day == start.Day,
            _ => day.Day == start.Day && (!Months.IsEmpty || day.Month == start.Month),
        };

    /// <summary>The second Monday is that of the month, or of the year where no month is named.</summary>
    private bool MatchesWeekDay(DateOnly day)
    {
        var ofYear = Frequency == RecurrenceFrequency.Yearly && Months.IsEmpty;
        var (number, days) = ofYear
            ? (day.DayOfYear, DateTime.IsLeapYear(day.Year) ? 366 : 365)
            : (day.Day, DateTime.DaysInMonth(day.Year, day.Month));
        return WeekDays.Contains((0, day.DayOfWeek))
            || WeekDays.Contains((((number - 1) / 7) + 1, day.DayOfWeek))
            || WeekDays.Contains((-((days - number) / 7) - 1, day.DayOfWeek));
    }
}
