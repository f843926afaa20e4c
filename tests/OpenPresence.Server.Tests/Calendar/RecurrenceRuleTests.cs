using System.Globalization;
using static OpenPresence.Server.Tests.Calendar.CalendarUnderTest;

namespace OpenPresence.Server.Tests.Calendar;

/// <summary>Rules whose dates are known; those marked RFC are of the examples of RFC 5545, 3.8.5.3.</summary>
public sealed class RecurrenceRuleTests
{
    // start, rule, the month and day of each date over fourteen years
    public static TheoryData<string, string, string> Rules { get; } =
        new()
        {
            // RFC
            { "1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", "09-02 09-12 09-22 10-02 10-12" },
            {
                "1997-09-02",
                "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
                "09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16"
            },
            {
                "1997-09-05",
                "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
                "09-05 10-03 11-07 12-05 01-02 02-06 03-06 04-03 05-01 06-05"
            },
            {
                "1997-09-07",
                "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
                "09-07 09-28 11-02 11-30 01-04 01-25 03-01 03-29 05-03 05-31"
            },
            { "1997-09-22", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "09-22 10-20 11-17 12-22 01-19 02-16" },
            { "1997-09-28", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-3", "09-28 10-29 11-28 12-29" },
            {
                "1997-09-30",
                "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
                "09-30 10-01 10-31 11-01 11-30 12-01 12-31 01-01 01-31 02-01"
            },
            { "1997-06-10", "FREQ=YEARLY;COUNT=4;BYMONTH=6,7", "06-10 07-10 06-10 07-10" },
            { "1997-05-19", "FREQ=YEARLY;COUNT=3;BYDAY=20MO", "05-19 05-18 05-17" },
            { "1997-03-13", "FREQ=YEARLY;COUNT=6;BYMONTH=3;BYDAY=TH", "03-13 03-20 03-27 03-05 03-12 03-19" },
            { "1998-02-13", "FREQ=MONTHLY;COUNT=5;BYDAY=FR;BYMONTHDAY=13", "02-13 03-13 11-13 08-13 10-13" },
            {
                "1997-09-13",
                "FREQ=MONTHLY;COUNT=5;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
                "09-13 10-11 11-08 12-13 01-10"
            },
            {
                "1996-11-05",
                "FREQ=YEARLY;INTERVAL=4;COUNT=3;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
                "11-05 11-07 11-02"
            },
            { "1997-09-04", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "09-04 10-07 11-06" },
            {
                "1997-09-29",
                "FREQ=MONTHLY;COUNT=7;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
                "09-29 10-30 11-27 12-30 01-29 02-26 03-30"
            },
            { "1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "08-05 08-10 08-19 08-24" },
            { "1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "08-05 08-17 08-19 08-31" },
            { "2007-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "01-15 01-30 02-15 03-15 03-30" },
            // Month ends: a month without the day is left out, not moved
            { "2026-01-31", "FREQ=MONTHLY;COUNT=4", "01-31 03-31 05-31 07-31" },
            { "2026-01-31", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-1", "01-31 02-28 03-31 04-30" },
            { "2024-02-29", "FREQ=YEARLY;COUNT=3", "02-29 02-29 02-29" },
            { "2026-08-31", "FREQ=MONTHLY;INTERVAL=3;COUNT=3", "08-31 05-31 08-31" },
            // Positions: from both ends, together, beyond the set
            {
                "2026-01-01",
                "FREQ=MONTHLY;COUNT=6;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
                "01-01 01-30 02-02 02-27 03-02 03-31"
            },
            { "2026-01-30", "FREQ=MONTHLY;COUNT=3;BYDAY=FR;BYSETPOS=5", "01-30 05-29 07-31" },
            { "2026-01-02", "FREQ=YEARLY;COUNT=3;BYDAY=FR;BYSETPOS=1,-1", "01-02 12-25 01-01" },
            { "2026-01-14", "FREQ=WEEKLY;COUNT=3;BYDAY=MO,WE,FR;BYSETPOS=2", "01-14 01-21 01-28" },
            // The start is the first, whatever the rule says, and counts
            { "2026-01-01", "FREQ=WEEKLY;COUNT=3;BYDAY=MO", "01-01 01-05 01-12" },
            { "2026-01-01", "FREQ=WEEKLY;COUNT=1;BYDAY=MO", "01-01" },
            { "2026-01-01", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "01-01" },
            // Parts that limit
            { "2026-01-30", "FREQ=DAILY;COUNT=4;BYMONTH=1,3", "01-30 01-31 03-01 03-02" },
            { "2026-01-01", "FREQ=DAILY;COUNT=3;BYMONTHDAY=1,-1;BYDAY=TH,SA", "01-01 01-31 02-28" },
            { "2026-01-26", "FREQ=WEEKLY;COUNT=3;BYMONTH=1,3", "01-26 03-02 03-09" },
            { "2026-01-05", "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1,2,3,4,5;BYDAY=1MO", "01-05 02-02 03-02" },
            // The day of the end counts
            { "2026-01-01", "FREQ=DAILY;UNTIL=20260103", "01-01 01-02 01-03" },
            { "2026-01-01", "FREQ=DAILY;UNTIL=20260103T120000Z", "01-01 01-02 01-03" },
            { "2026-01-02", "FREQ=DAILY;UNTIL=20260101", "" },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_gives_the_dates_that_are_known_of_it(string start, string rule, string dates)
    {
        var from = DateOnly.Parse(start, CultureInfo.InvariantCulture);
        var found = Dates(rule, from, from.AddYears(-1), from.AddYears(14));
        Assert.Equal(dates, string.Join(' ', found.Select(date => date.ToString("MM-dd"))));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_gives_the_same_dates_wherever_one_begins_to_look(string start, string rule, string dates)
    {
        var from = DateOnly.Parse(start, CultureInfo.InvariantCulture);
        var all = Dates(rule, from, from, from.AddYears(14)).ToArray();
        Assert.Equal(dates.Length == 0 ? 0 : dates.Split(' ').Length, all.Length);
        foreach (var first in all.Append(from.AddDays(40)))
        {
            var later = Dates(rule, from, first, from.AddYears(14));
            Assert.Equal(all.Where(date => date >= first), later);
        }
    }

    [Theory]
    [InlineData("FREQ=HOURLY", "RRULE: FREQ=HOURLY is not read; DAILY, WEEKLY, MONTHLY, YEARLY are.")]
    [InlineData("COUNT=3", "RRULE: FREQ= is not read; DAILY, WEEKLY, MONTHLY, YEARLY are.")]
    [InlineData("FREQ=DAILY;BYHOUR=9", "RRULE: BYHOUR is not read.")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=20", "RRULE: BYWEEKNO is not read.")]
    [InlineData("FREQ=YEARLY;BYYEARDAY=1", "RRULE: BYYEARDAY is not read.")]
    [InlineData("RSCALE=HEBREW;FREQ=DAILY", "RRULE: RSCALE is not read.")]
    [InlineData("FREQ=DAILY;FREQ=DAILY", "RRULE: 'FREQ=DAILY' is no part, or stands twice.")]
    [InlineData("FREQ=DAILY;", "RRULE: '' is no part, or stands twice.")]
    [InlineData("FREQ=DAILY;INTERVAL=0", "RRULE: INTERVAL=0 is not a number from 1 to 1000000.")]
    [InlineData("FREQ=DAILY;COUNT=-1", "RRULE: COUNT=-1 is not a number from 1 to 2147483647.")]
    [InlineData("FREQ=DAILY;COUNT=2;UNTIL=20270101", "RRULE: COUNT and UNTIL must not stand together.")]
    [InlineData("FREQ=WEEKLY;BYDAY=2MO", "RRULE: BYDAY with a number needs FREQ=MONTHLY or YEARLY.")]
    [InlineData("FREQ=MONTHLY;BYDAY=54MO", "RRULE: BYDAY: '54MO' is no day such as MO, 2TU or -1FR.")]
    [InlineData("FREQ=WEEKLY;BYDAY=XX", "RRULE: 'XX' is no day; SU, MO, TU, WE, TH, FR, SA are.")]
    [InlineData("FREQ=WEEKLY;WKST=1", "RRULE: '1' is no day; SU, MO, TU, WE, TH, FR, SA are.")]
    [InlineData("FREQ=WEEKLY;BYMONTHDAY=1", "RRULE: BYMONTHDAY must not stand with FREQ=WEEKLY.")]
    [InlineData("FREQ=DAILY;BYSETPOS=1", "RRULE: BYSETPOS needs another BY part.")]
    [InlineData(
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "RRULE: BYMONTHDAY: '32' is not a number from 1 to 31, or the same with a minus."
    )]
    [InlineData("FREQ=YEARLY;BYMONTH=-1", "RRULE: BYMONTH: '-1' is not a number from 1 to 12.")]
    public void A_rule_that_is_not_understood_is_refused_and_says_why(string rule, string fault)
    {
        var body = Of($"DTSTART:20260901T090000Z | DURATION:PT1H | RRULE:{rule}");
        Assert.Equal($"Line 5: {fault}", Assert.Single(Faults(body)));
    }
}
