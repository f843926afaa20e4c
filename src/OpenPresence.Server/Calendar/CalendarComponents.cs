namespace OpenPresence.Server.Calendar;

/// <summary>An event as its properties, as far as they matter here.</summary>
/// <param name="Number">The line of its BEGIN.</param>
public sealed record EventLines(int Number)
{
    /// <summary>In the order of the calendar.</summary>
    public List<ContentLine> Lines { get; } = [];
}

/// <summary>
/// Takes a calendar apart: its events, and the places that its VTIMEZONEs name. What says nothing of a person's
/// time (to-dos, journals, alarms, what a program adds with X-) is passed over; what would say something
/// and is not read (free-busy times, availabilities, a message that cancels) is a fault, since a
/// calendar of which only a part counts would show a wrong presence.
/// </summary>
public sealed class CalendarComponents
{
    private static readonly string[] Passed = ["VTODO", "VJOURNAL", "VALARM", "VTIMEZONE"];

    private static readonly HashSet<string> EventNames = new(StringComparer.Ordinal)
    {
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "EXRULE",
        "RECURRENCE-ID",
        "STATUS",
        "TRANSP",
        "CATEGORIES",
        "X-MICROSOFT-CDO-BUSYSTATUS",
    };

    private readonly CalendarFaults faults;
    private readonly Stack<(string Name, int Number)> open = new();
    private EventLines? inside;
    private string? zoneId;
    private string? zonePlace;
    private bool isComplete;

    private CalendarComponents(CalendarFaults faults) => this.faults = faults;

    /// <summary>Every event.</summary>
    public List<EventLines> Events { get; } = [];

    /// <summary>The IANA name that a VTIMEZONE gives beside its id.</summary>
    public Dictionary<string, string> ZonePlaces { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes apart the calendar of a body.</summary>
    public static CalendarComponents Read(ReadOnlyMemory<byte> body, CalendarFaults faults)
    {
        var components = new CalendarComponents(faults);
        foreach (var line in ContentLines.Read(body, faults))
        {
            components.Take(line);
            if (components.Events.Count > CalendarLimits.EventsMax)
            {
                faults.Add(line.Number, $"More than {CalendarLimits.EventsMax} events.");
                components.Events.RemoveAt(CalendarLimits.EventsMax); // only just begun
                return components;
            }
        }
        components.Finish();
        return components;
    }

    private void Take(ContentLine line)
    {
        if (line.Name == "BEGIN")
        {
            Begin(line);
        }
        else if (open.Count == 0)
        {
            faults.Add(line.Number, $"{line.Name} stands outside of a calendar.");
        }
        else if (line.Name == "END")
        {
            End(line);
        }
        else if (open.Peek().Name == "VCALENDAR")
        {
            CheckCalendar(line);
        }
        else if (open.Peek().Name == "VEVENT" && EventNames.Contains(line.Name))
        {
            inside?.Lines.Add(line);
        }
        else if (open.Peek().Name == "VTIMEZONE")
        {
            zoneId = line.Name == "TZID" ? line.Value : zoneId;
            zonePlace = line.Name == "X-LIC-LOCATION" ? line.Value : zonePlace;
        }
    }

    private void Begin(ContentLine line)
    {
        var name = line.Value.Trim().ToUpperInvariant();
        var isMisplaced =
            open.Count == 0 ? name != "VCALENDAR"
            : name == "VEVENT" ? open.Count != 1
            : open.Count >= CalendarLimits.DepthMax;
        if (isMisplaced)
        {
            faults.Add(line.Number, $"BEGIN:{CalendarFaults.Echo(name)} must not stand here.");
        }
        else if (name == "VEVENT")
        {
            inside = new EventLines(line.Number);
            Events.Add(inside);
        }
        else if (open.Count == 1 && !Passed.Contains(name) && !name.StartsWith("X-", Ordinal))
        {
            faults.Add(line.Number, $"{CalendarFaults.Echo(name)} is not read; send what it says as VEVENT.");
        }
        open.Push((name, line.Number));
    }

    private void End(ContentLine line)
    {
        var name = line.Value.Trim().ToUpperInvariant();
        var (expected, began) = open.Pop();
        if (name != expected)
        {
            faults.Add(
                line.Number,
                $"END:{CalendarFaults.Echo(name)} where {CalendarFaults.Echo(expected)}, begun in line {began}, should end."
            );
        }
        else if (name == "VEVENT")
        {
            inside = null;
        }
        else if (name == "VTIMEZONE")
        {
            if (zoneId is not null && zonePlace is not null)
            {
                ZonePlaces.TryAdd(zoneId, zonePlace);
            }
            (zoneId, zonePlace) = (null, null);
        }
        isComplete |= open.Count == 0;
    }

    private void CheckCalendar(ContentLine line)
    {
        var value = line.Value.Trim().ToUpperInvariant();
        var isRead = line.Name switch
        {
            "VERSION" => value == "2.0",
            "CALSCALE" => value == "GREGORIAN",
            // A request is a calendar of one meeting; the other methods say what changed.
            "METHOD" => value is "PUBLISH" or "REQUEST",
            _ => true,
        };
        if (!isRead)
        {
            faults.Add(line.Number, $"{line.Name}:{CalendarFaults.Echo(value)} is not read.");
        }
    }

    private void Finish()
    {
        if (open.TryPeek(out var unfinished))
        {
            faults.Add(unfinished.Number, $"{CalendarFaults.Echo(unfinished.Name)} begins here and does not end.");
        }
        else if (!isComplete && !faults.Any)
        {
            faults.Add(1, "BEGIN:VCALENDAR was expected.");
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;
}
