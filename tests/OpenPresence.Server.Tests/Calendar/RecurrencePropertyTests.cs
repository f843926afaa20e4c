using static OpenPresence.Server.Tests.Calendar.CalendarUnderTest;

namespace OpenPresence.Server.Tests.Calendar;

/// <summary>
/// Simple rules at random against a second definition of them that looks at nothing but the calendar: a
/// day is one if its distance from the start is a multiple of the interval and its number or weekday agrees.
/// </summary>
public sealed class RecurrencePropertyTests
{
    private const int Rules = 400;
    private const int DaysLooked = 1_500;

    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    [Theory]
    [InlineData(1)]
    [InlineData(20260827)]
    [InlineData(5545)]
    public void A_simple_rule_gives_the_days_that_counting_gives(int seed)
    {
        var chance = new Random(seed);
        for (var round = 0; round < Rules; round++)
        {
            var start = new DateOnly(2000, 1, 1).AddDays(chance.Next(10_000));
            var (rule, isOne) = Simple(chance, start);
            var ending = chance.Next(3);
            var count = 1 + chance.Next(30);
            var until = start.AddDays(chance.Next(DaysLooked));
            rule += ending switch
            {
                1 => $";COUNT={count}",
                2 => $";UNTIL={until:yyyyMMdd}",
                _ => "",
            };
            var expected = Enumerable
                .Range(0, DaysLooked)
                .Select(start.AddDays)
                .Where(day => day == start || isOne(day))
                .Where(day => ending != 2 || day <= until)
                .Take(ending == 1 ? count : int.MaxValue)
                .ToArray();
            var first = start.AddDays(chance.Next(DaysLooked));
            Assert.True(
                expected
                    .Where(day => day >= first)
                    .SequenceEqual(Dates(rule, start, first, start.AddDays(DaysLooked - 1))),
                $"seed {seed}, round {round}: {rule} from {start:o}, looked at from {first:o}"
            );
        }
    }

    private static (string Rule, Func<DateOnly, bool> IsOne) Simple(Random chance, DateOnly start)
    {
        var interval = 1 + chance.Next(5);
        var weekDays = Enumerable.Range(0, 7).Where(_ => chance.Next(3) == 0).ToArray();
        var weekStart = chance.Next(7);
        var monthDay = 1 + chance.Next(31);
        switch (chance.Next(5))
        {
            case 0:
                return ($"FREQ=DAILY;INTERVAL={interval}", day => (day.DayNumber - start.DayNumber) % interval == 0);
            case 1 when weekDays.Length > 0:
                var names = string.Join(',', weekDays.Select(day => DayNames[day]));
                return (
                    $"FREQ=WEEKLY;INTERVAL={interval};BYDAY={names};WKST={DayNames[weekStart]}",
                    day =>
                        (WeekOf(day, weekStart) - WeekOf(start, weekStart)) / 7 % interval == 0
                        && weekDays.Contains((int)day.DayOfWeek)
                );
            case 2:
                return (
                    $"FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY={monthDay}",
                    day => (MonthOf(day) - MonthOf(start)) % interval == 0 && day.Day == monthDay
                );
            case 3:
                return (
                    $"FREQ=MONTHLY;INTERVAL={interval}",
                    day => (MonthOf(day) - MonthOf(start)) % interval == 0 && day.Day == start.Day
                );
            default:
                return (
                    $"FREQ=YEARLY;INTERVAL={interval}",
                    day => (day.Year - start.Year) % interval == 0 && day.Month == start.Month && day.Day == start.Day
                );
        }
    }

    /// <summary>The number of the day on which the week of a day begins, found by walking back.</summary>
    private static int WeekOf(DateOnly day, int weekStart)
    {
        while ((int)day.DayOfWeek != weekStart)
        {
            day = day.AddDays(-1);
        }
        return day.DayNumber;
    }

    private static int MonthOf(DateOnly day) => (day.Year * 12) + day.Month;
}
