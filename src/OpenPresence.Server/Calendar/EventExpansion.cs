using OpenPresence.Engine;

namespace OpenPresence.Server.Calendar;

/// <summary>The spans of an event between two instants.</summary>
public sealed class EventExpansion(Instant from, Instant until, DaysTried tried)
{
    /// <summary>Zones differ from UTC by less than a day; a day more costs nothing.</summary>
    private const int ZoneDays = 2;

    /// <summary>Every recurrence that is on or begins in between and that nothing excepts.</summary>
    /// <param name="timing">The event.</param>
    /// <param name="replaced">The recurrences that have events of their own.</param>
    public IEnumerable<CalendarSpan> SpansOf(EventTiming timing, IReadOnlyCollection<EventTime> replaced)
    {
        var excepted = new ExceptedStarts(timing.Start, timing.Exceptions.Concat(replaced));
        return Starts(timing)
            .Where(row => !excepted.Has(row.Start))
            .Select(row => new CalendarSpan(
                timing.Kind,
                row.Start.At,
                row.Length.EndOf(row.Start),
                timing.Kind == CalendarSpanKind.Place ? WorkLocationType.Remote : default
            ))
            .Where(span => span.EndAt > from && span.EndAt > span.StartAt && span.StartAt < until);
    }

    private IEnumerable<(EventTime Start, EventLength Length)> Starts(EventTiming timing)
    {
        var dates = timing.Dates.Select(row => (row.Start, row.Length ?? timing.Length));
        return Ruled(timing).Select(start => (start, timing.Length)).Concat(dates);
    }

    private IEnumerable<EventTime> Ruled(EventTiming timing)
    {
        if (timing.Rule is not { } rule)
        {
            return [timing.Start];
        }
        var first = DateOf(from, -ZoneDays - timing.Length.DaysMax);
        var last = DateOf(until, ZoneDays);
        return new RecurrenceDates(rule, timing.Start.Date, tried)
            .Between(first, last)
            .Select(timing.Start.On)
            .TakeWhile(start => rule.UntilAt is not { } end || start.At <= end);
    }

    private static DateOnly DateOf(Instant at, int shiftDays) =>
        DateOnly.FromDayNumber(
            Math.Clamp(
                (int)(at.Ticks / TimeSpan.TicksPerDay) + shiftDays,
                DateOnly.MinValue.DayNumber,
                DateOnly.MaxValue.DayNumber
            )
        );
}

/// <summary>
/// The starts that do not take place. One that is named as a time excepts the recurrence of that instant; one
/// named as a day, as programs do, that of the day. Sorted and searched, not hashed: a sender chooses the values.
/// </summary>
public sealed class ExceptedStarts
{
    private readonly List<Instant> instants = [];
    private readonly List<DateOnly> dates = [];

    public ExceptedStarts(EventTime start, IEnumerable<EventTime> excepted)
    {
        foreach (var time in excepted)
        {
            if (start.IsDate || time.IsDate)
            {
                dates.Add(time.Date);
            }
            else
            {
                instants.Add(time.At);
            }
        }
        instants.Sort();
        dates.Sort();
    }

    /// <summary>Whether a recurrence is excepted.</summary>
    public bool Has(EventTime start) => dates.BinarySearch(start.Date) >= 0 || instants.BinarySearch(start.At) >= 0;
}
