using System.Text;
using OpenPresence.Server.Calendar;
using static OpenPresence.Server.Tests.Calendar.CalendarUnderTest;

namespace OpenPresence.Server.Tests.Calendar;

/// <summary>Bytes to properties and components.</summary>
public sealed class CalendarComponentsTests
{
    private static readonly string[] Meeting =
    [
        "BEGIN:VEVENT",
        "DTSTART:20260901T090000Z",
        "DURATION:PT1H",
        "END:VEVENT",
    ];

    [Fact]
    public void Folds_are_undone_also_within_a_character()
    {
        var bytes = Encoding.UTF8.GetBytes("SUMMARY:M\u00fcnchen\r\nX-A:b\n \tc\r\n").ToList();
        bytes.InsertRange(bytes.IndexOf(0xC3) + 1, "\r\n "u8.ToArray());
        var faults = new CalendarFaults();
        var lines = ContentLines.Read(bytes.ToArray(), faults).ToArray();
        Assert.False(faults.Any);
        Assert.Equal(["M\u00fcnchen", "b\tc"], lines.Select(line => line.Value));
        Assert.Equal([1, 3], lines.Select(line => line.Number));
    }

    [Fact]
    public void Parameters_are_read_in_and_out_of_quotes()
    {
        var line = ContentLine.Parse(1, "attendee;cn=\"A; B: C\";Role=CHAIR:mailto:a@b")!;
        Assert.Equal("ATTENDEE", line.Name);
        Assert.Equal("A; B: C", line.Parameter("CN"));
        Assert.Equal("CHAIR", line.Parameter("ROLE"));
        Assert.Null(line.Parameter("TZID"));
        Assert.Equal("mailto:a@b", line.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":x")]
    [InlineData("NAME")]
    [InlineData("NAME;A:x")]
    [InlineData("NAME;=b:x")]
    [InlineData("NAME;A=\"b:x")]
    [InlineData("NA ME:x")]
    public void A_line_of_another_form_is_no_property(string text) => Assert.Null(ContentLine.Parse(1, text));

    [Fact]
    public void A_byte_order_mark_and_plain_line_ends_do_no_harm()
    {
        var text = "\uFEFF" + string.Join('\n', ["BEGIN:VCALENDAR", .. Meeting, "END:VCALENDAR"]);
        Assert.Single(Read(Encoding.UTF8.GetBytes(text), "2026-08-27 12:00").Spans);
    }

    [Fact]
    public void What_takes_nobodys_time_is_passed_over()
    {
        var body = Bytes([
            "begin:vcalendar",
            "VERSION:2.0",
            "METHOD:PUBLISH",
            "BEGIN:VTODO",
            "DTSTART:whenever",
            "END:VTODO",
            "BEGIN:X-WEATHER",
            "DTSTART:now",
            "END:X-WEATHER",
            .. Meeting[..3],
            "BEGIN:VALARM",
            "DURATION:soon",
            "END:VALARM",
            "END:VEVENT",
            "END:VCALENDAR",
        ]);
        Assert.Single(Read(body, "2026-08-27 12:00").Spans);
    }

    [Fact]
    public void A_zone_of_a_programs_own_counts_by_the_place_that_its_definition_names()
    {
        var body = Bytes([
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            "DTSTART;TZID=Head office:20260901T090000",
            "DURATION:PT1H",
            "END:VEVENT",
            "BEGIN:VTIMEZONE",
            "TZID:Head office",
            "X-LIC-LOCATION:Asia/Tokyo",
            "END:VTIMEZONE",
            "END:VCALENDAR",
        ]);
        var span = Assert.Single(Read(body, "2026-08-27 12:00").Spans);
        Assert.Equal(At("2026-09-01 00:00"), span.StartAt);
    }

    public static TheoryData<string[], string> Broken { get; } =
        new()
        {
            { [], "Line 1: BEGIN:VCALENDAR was expected." },
            { ["BEGIN:VEVENT"], "Line 1: BEGIN:VEVENT must not stand here." },
            { ["VERSION:2.0"], "Line 1: VERSION stands outside of a calendar." },
            { ["BEGIN:VCALENDAR"], "Line 1: VCALENDAR begins here and does not end." },
            { ["BEGIN:VCALENDAR", "END:VEVENT"], "Line 2: END:VEVENT where VCALENDAR, begun in line 1, should end." },
            { ["BEGIN:VCALENDAR", "VERSION:1.0", "END:VCALENDAR"], "Line 2: VERSION:1.0 is not read." },
            { ["BEGIN:VCALENDAR", "CALSCALE:HEBREW", "END:VCALENDAR"], "Line 2: CALSCALE:HEBREW is not read." },
            { ["BEGIN:VCALENDAR", "METHOD:CANCEL", "END:VCALENDAR"], "Line 2: METHOD:CANCEL is not read." },
            {
                ["BEGIN:VCALENDAR", "BEGIN:VFREEBUSY", "END:VFREEBUSY", "END:VCALENDAR"],
                "Line 2: VFREEBUSY is not read; send what it says as VEVENT."
            },
            {
                ["BEGIN:VCALENDAR", "what is this", "END:VCALENDAR"],
                "Line 2: 'what is this' is no property; NAME:VALUE was expected."
            },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_calendar_is_refused_with_its_line(string[] lines, string fault) =>
        Assert.Contains(fault, Faults(Bytes(lines)));

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_line()
    {
        byte[] body = [.. Bytes("BEGIN:VCALENDAR"), .. "X-A:"u8, 0xC3, 0x28, .. Bytes("", "END:VCALENDAR")];
        Assert.Equal(["Line 2: The text is no valid UTF-8."], Faults(body));
    }
}
