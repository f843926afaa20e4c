namespace OpenPresence.Server.Calendar;

/// <summary>
/// The dates of a rule, in order. It goes from period to period and asks each day of one; without COUNT it begins
/// with the period of the first date that is wanted, however long ago the start was.
/// </summary>
/// <remarks>
/// The start is always the first recurrence and counts as one, also where the rule would not make it (RFC
/// 5545, COUNT; on the rest its texts disagree). BYSETPOS picks from a whole period, days before the start included.
/// </remarks>
public sealed class RecurrenceDates(RecurrenceRule rule, DateOnly start, DaysTried tried)
{
    private const int DaysOfWeek = 7;
    private const int MonthsOfYear = 12;

    /// <summary>The dates from the first to the last; fewer when no more days may be tried.</summary>
    public IEnumerable<DateOnly> Between(DateOnly first, DateOnly last)
    {
        last = rule.UntilDate is { } until && until < last ? until : last;
        if (start >= first && start <= last)
        {
            yield return start;
        }
        var count = 1;
        var isCounted = rule.Count is not null;
        for (var number = isCounted ? 0 : NumberOf(first); ; number++)
        {
            if (PeriodOf(number) is not { } period || period.First > last)
            {
                yield break;
            }
            // Positions count from the ends of a period, so it is taken whole then.
            var isWhole = isCounted || !rule.Positions.IsEmpty;
            var from = isWhole || period.First > first ? period.First : first;
            var to = isWhole || period.Last < last ? period.Last : last;
            if (DaysOf(from, to) is not { } days)
            {
                yield break;
            }
            foreach (var day in days.Where(day => day > start))
            {
                if (day > last || ++count > rule.Count)
                {
                    yield break;
                }
                if (day >= first)
                {
                    yield return day;
                }
            }
        }
    }

    private List<DateOnly>? DaysOf(DateOnly from, DateOnly to)
    {
        var days = new List<DateOnly>();
        if (!tried.Add(Math.Max(1, to.DayNumber - from.DayNumber + 1)))
        {
            return null;
        }
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            if (rule.Matches(day, start))
            {
                days.Add(day);
            }
        }
        return rule.Positions.IsEmpty ? days : Positioned(days);
    }

    private List<DateOnly> Positioned(List<DateOnly> days) =>
        [
            .. days.Where(
                (_, index) => rule.Positions.Contains(index + 1) || rule.Positions.Contains(index - days.Count)
            ),
        ];

    /// <summary>The number of the last period of the rule that begins no later than the date; 0 at least.</summary>
    private long NumberOf(DateOnly date) => Math.Max(0, (UnitOf(date) - UnitOf(start)) / rule.Interval);

    /// <summary>The days, weeks, months or years before a date.</summary>
    private long UnitOf(DateOnly date) =>
        rule.Frequency switch
        {
            RecurrenceFrequency.Daily => date.DayNumber,
            RecurrenceFrequency.Weekly => (date.DayNumber + WeekShift) / DaysOfWeek,
            RecurrenceFrequency.Monthly => (date.Year * MonthsOfYear) + date.Month - 1,
            _ => date.Year,
        };

    /// <summary>Day 0 is a Monday.</summary>
    private int WeekShift => DaysOfWeek - (((int)rule.WeekStart + 6) % DaysOfWeek);

    /// <summary>A period's days; null: it lies beyond every date that is read.</summary>
    private (DateOnly First, DateOnly Last)? PeriodOf(long number)
    {
        var unit = UnitOf(start) + (number * rule.Interval);
        switch (rule.Frequency)
        {
            case RecurrenceFrequency.Daily:
                return unit > LastDayNumber ? null : OfDays((int)unit, 1);
            case RecurrenceFrequency.Weekly:
                var firstDay = (unit * DaysOfWeek) - WeekShift;
                return firstDay > LastDayNumber ? null : OfDays((int)firstDay, DaysOfWeek);
            case RecurrenceFrequency.Monthly:
                if (unit / MonthsOfYear > CalendarLimits.YearMax)
                {
                    return null;
                }
                var month = new DateOnly((int)(unit / MonthsOfYear), (int)(unit % MonthsOfYear) + 1, 1);
                return (month, month.AddMonths(1).AddDays(-1));
            default:
                return unit > CalendarLimits.YearMax
                    ? null
                    : (new DateOnly((int)unit, 1, 1), new DateOnly((int)unit, MonthsOfYear, 31));
        }
    }

    private static (DateOnly, DateOnly) OfDays(int first, int count) =>
        (DateOnly.FromDayNumber(first), DateOnly.FromDayNumber(first + count - 1));

    private static readonly int LastDayNumber = new DateOnly(CalendarLimits.YearMax, MonthsOfYear, 31).DayNumber;
}

/// <summary>How many days the rules of a calendar have tried, of those that they may.</summary>
public sealed class DaysTried
{
    private int left = CalendarLimits.DaysTriedMax;

    /// <summary>Whether the limit was reached.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes some; false: so many are not left.</summary>
    public bool Add(int days)
    {
        left -= days;
        IsOver |= left < 0;
        return !IsOver;
    }
}
