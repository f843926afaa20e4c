using OpenPresence.Engine;
using OpenPresence.Server.Calendar;
using OpenPresence.Server.Contracts;
using static OpenPresence.Server.Tests.Calendar.CalendarUnderTest;

namespace OpenPresence.Server.Tests.Calendar;

/// <summary>
/// Events to spans. The person is in Berlin, where clocks are put forward at 02:00 on 2026-03-29 and back at
/// 03:00 on 2026-10-25.
/// </summary>
public sealed class CalendarImportTests
{
    private const string Now = "2026-08-27 12:00";

    // now, the event, its spans in UTC
    public static TheoryData<string, string, string> Events { get; } =
        new()
        {
            // Zones: UTC, IANA, Windows, the person's own, a program's own id that ends with a place
            { Now, "DTSTART:20260901T090000Z | DTEND:20260901T100000Z", "2026-09-01 09:00 PT1H" },
            { Now, "DTSTART;TZID=America/New_York:20260901T090000 | DURATION:PT30M", "2026-09-01 13:00 PT30M" },
            { Now, "DTSTART;TZID=\"Pacific Standard Time\":20260901T090000 | DURATION:PT1H", "2026-09-01 16:00 PT1H" },
            { Now, "DTSTART:20260901T090000 | DURATION:PT1H", "2026-09-01 07:00 PT1H" },
            {
                Now,
                "DTSTART;TZID=/mozilla.org/20050126_1/America/Argentina/Ushuaia:20260901T090000 | DURATION:PT1H",
                "2026-09-01 12:00 PT1H"
            },
            {
                Now,
                "DTSTART;TZID=Europe/Berlin:20260901T090000 | DTEND;TZID=Europe/London:20260901T090000",
                "2026-09-01 07:00 PT1H"
            },
            // Whole days are days where the person is, of 23 and 25 hours too
            { Now, "DTSTART;VALUE=DATE:20260901", "2026-08-31 22:00 P1D" },
            { "2026-03-01 00:00", "DTSTART;VALUE=DATE:20260329 | DTEND;VALUE=DATE:20260330", "2026-03-28 23:00 PT23H" },
            { "2026-10-01 00:00", "DTSTART;VALUE=DATE:20261025 | DURATION:P1D", "2026-10-24 22:00 P1DT1H" },
            // What is skipped in spring comes an hour later, what comes twice in autumn the first time
            {
                "2026-03-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20260327T023000 | DTEND;TZID=Europe/Berlin:20260327T030000 | RRULE:FREQ=DAILY;COUNT=4",
                "2026-03-27 01:30 PT30M, 2026-03-28 01:30 PT30M, 2026-03-29 01:30 PT30M, 2026-03-30 00:30 PT30M"
            },
            {
                "2026-10-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20261024T023000 | DURATION:PT30M | RRULE:FREQ=DAILY;COUNT=3",
                "2026-10-24 00:30 PT30M, 2026-10-25 00:30 PT30M, 2026-10-26 01:30 PT30M"
            },
            // DTEND is exact in every recurrence, the days of DURATION are days
            {
                "2026-03-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20260328T120000 | DTEND;TZID=Europe/Berlin:20260329T120000",
                "2026-03-28 11:00 PT23H"
            },
            {
                "2026-03-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20260328T120000 | DURATION:PT24H",
                "2026-03-28 11:00 P1D"
            },
            {
                "2026-03-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20260328T120000 | DURATION:P1D",
                "2026-03-28 11:00 PT23H"
            },
            {
                "2026-03-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20260321T120000 | DTEND;TZID=Europe/Berlin:20260322T120000 | RRULE:FREQ=WEEKLY;COUNT=2",
                "2026-03-21 11:00 P1D, 2026-03-28 11:00 P1D"
            },
            // A rule follows the wall, its end an instant or the wall
            {
                "2026-10-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20261023T090000 | DURATION:PT1H | RRULE:FREQ=DAILY;UNTIL=20261026T080000Z",
                "2026-10-23 07:00 PT1H, 2026-10-24 07:00 PT1H, 2026-10-25 08:00 PT1H, 2026-10-26 08:00 PT1H"
            },
            {
                "2026-10-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20261023T090000 | DURATION:PT1H | RRULE:FREQ=DAILY;UNTIL=20261024T085959",
                "2026-10-23 07:00 PT1H"
            },
            {
                "2026-10-20 00:00",
                "DTSTART;TZID=Europe/Berlin:20261023T090000 | DURATION:PT1H | RRULE:FREQ=DAILY;UNTIL=20261024",
                "2026-10-23 07:00 PT1H, 2026-10-24 07:00 PT1H"
            },
            // Dates that come to a rule, with a length of their own, and dates that go
            {
                Now,
                "DTSTART:20260901T090000Z | DURATION:PT1H | RDATE:20260903T090000Z,20260905T090000Z | EXDATE:20260905T090000Z",
                "2026-09-01 09:00 PT1H, 2026-09-03 09:00 PT1H"
            },
            {
                Now,
                "DTSTART:20260901T090000Z | DURATION:PT1H | RDATE;VALUE=PERIOD:20260903T090000Z/PT5H,20260904T090000Z/20260904T093000Z",
                "2026-09-01 09:00 PT1H, 2026-09-03 09:00 PT5H, 2026-09-04 09:00 PT30M"
            },
            {
                Now,
                "DTSTART:20260901T090000Z | DURATION:PT1H | RRULE:FREQ=DAILY;COUNT=3 | EXDATE:20260901T090000Z | EXDATE;TZID=Europe/Berlin:20260902T110000",
                "2026-09-03 09:00 PT1H"
            },
            {
                Now,
                "DTSTART:20260901T090000Z | DURATION:PT1H | RRULE:FREQ=DAILY;COUNT=2 | EXDATE;VALUE=DATE:20260902",
                "2026-09-01 09:00 PT1H"
            },
            {
                Now,
                "DTSTART;VALUE=DATE:20260901 | RRULE:FREQ=DAILY;COUNT=2 | EXDATE:20260901T000000",
                "2026-09-01 22:00 P1D"
            },
            { Now, "DTSTART:20260901T090000Z | DURATION:PT1H | RDATE:20260901T090000Z", "2026-09-01 09:00 PT1H" },
            // What is on now counts however long ago it began; what is over does not; a moment takes no time
            { Now, "DTSTART:20260101T090000Z | DTEND:20260828T090000Z", "2026-01-01 09:00 P239D" },
            {
                Now,
                "DTSTART:20260820T110000Z | DURATION:P2D | RRULE:FREQ=DAILY;UNTIL=20260826T235959Z",
                "2026-08-26 11:00 P2D"
            },
            { Now, "DTSTART:20260827T110000Z | DTEND:20260827T120000Z", "" },
            { Now, "DTSTART:20260827T130000Z", "" },
            { Now, "DTSTART:20260827T130000Z | DTEND:20260827T130000Z", "" },
            // Sixty days ahead, and not the start of the sixty-first
            { Now, "DTSTART:20261026T115959Z | DURATION:PT1H", "2026-10-26 11:59 PT1H" },
            { Now, "DTSTART:20261026T120000Z | DURATION:PT1H", "" },
            // A birthday of which nobody knows the year
            { Now, "DTSTART;VALUE=DATE:16040901 | RRULE:FREQ=YEARLY", "2026-08-31 22:00 P1D" },
        };

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_takes_the_time_that_it_says(string now, string one, string spans) =>
        Assert.Equal(spans, string.Join(", ", Spans(now, one)));

    [Fact]
    public void An_exception_takes_the_place_of_its_recurrence_and_may_cancel_it()
    {
        var spans = Spans(
            Now,
            "UID:a | DTSTART;TZID=Europe/Berlin:20260901T090000 | DURATION:PT1H | RRULE:FREQ=DAILY;COUNT=4",
            "UID:a | RECURRENCE-ID;TZID=Europe/Berlin:20260902T090000 | DTSTART:20260902T150000Z | DURATION:PT2H",
            "UID:a | RECURRENCE-ID:20260903T070000Z | DTSTART:20260903T070000Z | DURATION:PT1H | STATUS:CANCELLED",
            "UID:b | RECURRENCE-ID:20260904T070000Z | DTSTART:20260910T070000Z | DURATION:PT1H"
        );
        Assert.Equal(
            ["2026-09-01 07:00 PT1H", "2026-09-02 15:00 PT2H", "2026-09-04 07:00 PT1H", "2026-09-10 07:00 PT1H"],
            spans
        );
    }

    [Theory]
    [InlineData("SUMMARY:Talk", CalendarSpanKind.Meeting)]
    [InlineData("TRANSP:OPAQUE | STATUS:CONFIRMED", CalendarSpanKind.Meeting)]
    [InlineData("TRANSP:TRANSPARENT", null)]
    [InlineData("STATUS:TENTATIVE", null)]
    [InlineData("STATUS:CANCELLED | X-MICROSOFT-CDO-BUSYSTATUS:BUSY", null)]
    [InlineData("X-MICROSOFT-CDO-BUSYSTATUS:FREE | TRANSP:OPAQUE", null)]
    [InlineData("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", null)]
    [InlineData("X-MICROSOFT-CDO-BUSYSTATUS:busy | TRANSP:TRANSPARENT", CalendarSpanKind.Meeting)]
    [InlineData("X-MICROSOFT-CDO-BUSYSTATUS:OOF | STATUS:TENTATIVE", CalendarSpanKind.OutOfOffice)]
    [InlineData("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", CalendarSpanKind.Place)]
    [InlineData("CATEGORIES:Work,FOCUS TIME", CalendarSpanKind.Focus)]
    [InlineData("CATEGORIES:Focus time | X-MICROSOFT-CDO-BUSYSTATUS:OOF", CalendarSpanKind.OutOfOffice)]
    [InlineData("CATEGORIES:Focus time | TRANSP:TRANSPARENT", null)]
    public void An_event_means_what_its_words_say(string words, CalendarSpanKind? kind)
    {
        var read = Read(Of($"DTSTART:20260901T090000Z | DURATION:PT1H | {words}"), Now);
        Assert.Null(read.Refusal);
        CalendarSpanKind[] expected = kind is { } known ? [known] : [];
        Assert.Equal(expected, read.Spans.Select(span => span.Kind));
    }

    // The event's faults, from line 3 on
    public static TheoryData<string, string> Faulty { get; } =
        new()
        {
            { "UID:1", "Line 2: The event has no DTSTART." },
            {
                "DTSTART:tomorrow",
                "Line 3: DTSTART: 'tomorrow' is no date (20260827) and no time (20260827T120000, or with Z) of the years 1600 to 9000."
            },
            { "DTSTART:20260230T090000Z", "Line 3: DTSTART: '20260230T090000Z' is no date" },
            { "DTSTART:99990101T090000Z", "Line 3: DTSTART: '99990101T090000Z' is no date" },
            { "DTSTART;VALUE=DATE:20260901T090000Z", "Line 3: DTSTART: '20260901T090000Z' is no date" },
            {
                "DTSTART;TZID=Customized Time Zone:20260901T090000",
                "Line 3: DTSTART: TZID 'Customized Time Zone' is neither an IANA nor a Windows zone"
            },
            { "DTSTART:20260901T090000Z | DTSTART:20260901T090000Z", "Line 4: DTSTART stands in line 3 already." },
            {
                "DTSTART:20260901T090000Z | DTEND:20260901T100000Z | DURATION:PT1H",
                "Line 5: DURATION must not stand beside DTEND."
            },
            {
                "DTSTART:20260901T090000Z | DTEND:20260901T080000Z",
                "Line 4: DTEND: '20260901T080000Z' is no end for an event that starts so"
            },
            { "DTSTART:20260901T090000Z | DTEND;VALUE=DATE:20260902", "Line 4: DTEND: '20260902' is no end" },
            { "DTSTART;VALUE=DATE:20260901 | DTEND;VALUE=DATE:20260901", "Line 4: DTEND: '20260901' is no end" },
            { "DTSTART;VALUE=DATE:20260901 | DURATION:PT1H", "Line 4: DURATION: 'PT1H' is no end" },
            { "DTSTART:20260901T090000Z | DURATION:-PT1H", "Line 4: DURATION: '-PT1H' is no end" },
            { "DTSTART:20260901T090000Z | DURATION:P", "Line 4: DURATION: 'P' is no end" },
            { "DTSTART:20260901T090000Z | DURATION:P36526D", "Line 4: DURATION: longer than 36525 days." },
            {
                "DTSTART:20260901T090000Z | EXRULE:FREQ=DAILY",
                "Line 4: EXRULE is not read; name the exceptions with EXDATE."
            },
            { "DTSTART:20260901T090000Z | EXDATE:20260901T090000Z,then", "Line 4: EXDATE: 'then' is no date" },
            {
                "DTSTART:20260901T090000Z | RDATE;VALUE=DATE:20260902",
                "Line 4: RDATE: days must stand with days, times with times."
            },
            {
                "DTSTART:20260901T090000Z | RECURRENCE-ID:20260901T090000Z",
                "Line 4: RECURRENCE-ID needs the UID of the series that it changes."
            },
            {
                "UID:1 | DTSTART:20260901T090000Z | RECURRENCE-ID;RANGE=THISANDFUTURE:20260901T090000Z",
                "Line 5: RECURRENCE-ID with RANGE is not read; send two series."
            },
            {
                "UID:1 | DTSTART:20260901T090000Z | RECURRENCE-ID:20260901T090000Z | RRULE:FREQ=DAILY",
                "Line 6: RRULE must not stand beside RECURRENCE-ID"
            },
            {
                "DTSTART:20260901T090000Z | STATUS:MAYBE",
                "Line 4: STATUS:MAYBE is not read; CONFIRMED, TENTATIVE, CANCELLED are."
            },
            { "DTSTART:20260901T090000Z | TRANSP:DARK", "Line 4: TRANSP:DARK is not read; OPAQUE, TRANSPARENT are." },
            {
                "DTSTART:20260901T090000Z | X-MICROSOFT-CDO-BUSYSTATUS:5",
                "Line 4: X-MICROSOFT-CDO-BUSYSTATUS:5 is not read; BUSY, FREE, TENTATIVE, OOF, WORKINGELSEWHERE are."
            },
        };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_wrong_event_is_refused_with_its_line(string one, string fault) =>
        Assert.StartsWith(fault, Assert.Single(Faults(Of(one))), StringComparison.Ordinal);

    [Fact]
    public void What_says_nothing_of_presence_cannot_be_at_fault() =>
        Assert.Empty(Spans(Now, "STATUS:CANCELLED | DTSTART:never | RRULE:FREQ=HOURLY"));

    [Fact]
    public void More_spans_than_a_person_may_have_are_refused_with_the_event_that_makes_them()
    {
        string Often(int number) =>
            $"DTSTART:20260901T{number:00}0000Z | DURATION:PT1M | RRULE:FREQ=DAILY | RDATE:"
            + string.Join(',', Enumerable.Range(1, 59).Select(m => $"20260901T{number:00}{m:00}00Z"));
        var refusal = Read(Of([.. Enumerable.Range(0, 20).Select(Often)]), Now).Refusal;
        Assert.Equal(RefusalKind.LimitReached, refusal!.Kind);
        Assert.Contains("2000 spans at most; the event of line 104 makes it more", refusal.Arguments[0]);
    }

    [Fact]
    public void Rules_that_try_too_many_days_are_refused()
    {
        var endless = "DTSTART:16000101T090000Z | DURATION:PT1M | RRULE:FREQ=DAILY;COUNT=2000000000";
        Assert.Empty(Spans("2040-01-01 12:00", "DTSTART:16000101T090000Z | RRULE:FREQ=DAILY;COUNT=2000000000"));
        var fault = Assert.Single(Faults(Of([.. Enumerable.Repeat(endless, 20)])));
        Assert.Contains("The calendar's rules try more than 2000000 days", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_so_many_faults_are_named()
    {
        var faults = Faults(Of([.. Enumerable.Repeat("UID:1", 100)]));
        Assert.Equal(CalendarLimits.FaultsMax, faults.Length);
    }

    [Fact]
    public void Only_so_many_events_are_read()
    {
        var body = Of([.. Enumerable.Repeat("STATUS:CANCELLED", CalendarLimits.EventsMax + 1)]);
        Assert.EndsWith("More than 5000 events.", Assert.Single(Faults(body)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9999-12-31 23:00")]
    [InlineData("0001-01-01 01:00")]
    public void The_ends_of_the_calendar_are_no_accident(string now) =>
        Assert.Empty(Spans(now, "DTSTART:20260901T090000 | RRULE:FREQ=WEEKLY;UNTIL=20270101"));
}
