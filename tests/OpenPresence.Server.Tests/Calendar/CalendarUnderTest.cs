using System.Globalization;
using System.Text;
using NodaTime;
using OpenPresence.Server.Calendar;
using Instant = OpenPresence.Engine.Instant;

namespace OpenPresence.Server.Tests.Calendar;

/// <summary>Calendars as the tests write them: one event by its properties, or several.</summary>
internal static class CalendarUnderTest
{
    public static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    /// <summary>An instant such as 2026-08-27 12:00, in UTC.</summary>
    public static Instant At(string text) =>
        Instant.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    /// <summary>A calendar of events, each by its properties with bars between them.</summary>
    public static byte[] Of(params string[] events)
    {
        var lines = events.SelectMany(one => new[] { "BEGIN:VEVENT" }.Concat(one.Split(" | ")).Append("END:VEVENT"));
        return Bytes(["BEGIN:VCALENDAR", .. lines, "END:VCALENDAR"]);
    }

    public static byte[] Bytes(params IEnumerable<string> lines) =>
        Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));

    public static CalendarRead Read(byte[] body, string now) => CalendarImport.Read(body, Berlin, At(now));

    /// <summary>The spans in order, as <c>2026-08-27 12:00 PT1H</c>.</summary>
    public static string[] Spans(string now, params string[] events)
    {
        var read = Read(Of(events), now);
        Assert.True(read.Refusal is null, read.Refusal?.Arguments[0]);
        return
        [
            .. read
                .Spans.OrderBy(span => span.StartAt)
                .ThenBy(span => span.EndAt)
                .Select(span =>
                    span.StartAt.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm")
                    + " "
                    + System.Xml.XmlConvert.ToString(span.EndAt - span.StartAt)
                ),
        ];
    }

    /// <summary>The faults of a refused calendar, in order.</summary>
    public static string[] Faults(byte[] body, string now = "2026-08-27 12:00")
    {
        var refusal = Read(body, now).Refusal;
        Assert.NotNull(refusal);
        return refusal.Details.Count == 0
            ? [refusal.Arguments[0]]
            : [.. refusal.Details.Select(detail => detail.Message)];
    }

    /// <summary>The dates of a rule in a stretch of time.</summary>
    public static IEnumerable<DateOnly> Dates(string rule, DateOnly start, DateOnly first, DateOnly last)
    {
        var faults = new CalendarFaults();
        var zones = new CalendarZones(Berlin, new Dictionary<string, string>());
        var time = new EventTime(start.ToDateTime(default), Berlin, IsDate: true);
        var line = new ContentLine(1, "RRULE", [], rule);
        var read = new RecurrenceRuleReader(line, time, zones, faults).Read();
        Assert.True(read is not null, faults.Any ? faults.ToRefusal().Arguments[0] : rule);
        return new RecurrenceDates(read, start, new DaysTried()).Between(first, last);
    }
}
