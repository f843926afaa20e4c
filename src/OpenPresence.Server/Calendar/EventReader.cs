using System.Collections.Immutable;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// Reads an event's properties. Of one that says nothing of presence only its place in a series is read, so that
/// what nobody will see cannot be at fault.
/// </summary>
public sealed class EventReader(CalendarZones zones, CalendarFaults faults)
{
    /// <summary>The event; null when its faults leave nothing to expand.</summary>
    public CalendarEvent? Read(EventLines lines)
    {
        var kind = EventMeaning.Of(lines.Lines, faults);
        if (lines.Lines.FirstOrDefault(line => line.Name == "EXRULE") is { } old && kind is not null)
        {
            faults.Add(old.Number, "EXRULE is not read; name the exceptions with EXDATE.");
        }
        var uid = Single(lines, "UID")?.Value;
        var replacesLine = Single(lines, "RECURRENCE-ID");
        EventTime? replaces = replacesLine is null ? null : ReadReplaces(replacesLine, uid);
        if (kind is not { } meaning)
        {
            return new CalendarEvent(lines.Number, uid, replaces, null);
        }
        if (ReadStart(lines) is not { } start || ReadLength(lines, start) is not { } length)
        {
            return null;
        }
        var timing = new EventTiming(meaning, start, length);
        return new CalendarEvent(
            lines.Number,
            uid,
            replaces,
            replacesLine is null ? ReadSeries(lines, timing) : Alone(lines, timing)
        );
    }

    private EventTime? ReadReplaces(ContentLine line, string? uid)
    {
        if (line.Parameter("RANGE") is not null)
        {
            faults.Add(line.Number, "RECURRENCE-ID with RANGE is not read; send two series.");
        }
        if (uid is null)
        {
            faults.Add(line.Number, "RECURRENCE-ID needs the UID of the series that it changes.");
        }
        return EventTime.Read(line, line.Value, zones, faults);
    }

    private EventTime? ReadStart(EventLines lines)
    {
        if (Single(lines, "DTSTART") is { } line)
        {
            return EventTime.Read(line, line.Value, zones, faults);
        }
        faults.Add(lines.Number, "The event has no DTSTART.");
        return null;
    }

    private EventLength? ReadLength(EventLines lines, EventTime start)
    {
        var end = Single(lines, "DTEND");
        var duration = Single(lines, "DURATION");
        if (end is not null && duration is not null)
        {
            faults.Add(duration.Number, "DURATION must not stand beside DTEND.");
            return null;
        }
        if (end is not null)
        {
            return EventTime.Read(end, end.Value, zones, faults) is { } at
                ? Checked(end, start, Between(start, at))
                : null;
        }
        return duration is not null
            ? Checked(duration, start, EventLength.Parse(duration.Value))
            : new EventLength(start.IsDate ? 1 : 0, TimeSpan.Zero);
    }

    private static EventLength? Between(EventTime start, EventTime end) =>
        start.IsDate == end.IsDate ? EventLength.Between(start, end) : null;

    private EventLength? Checked(ContentLine line, EventTime start, EventLength? length)
    {
        if (length is { } known && !(start.IsDate && known.Time != TimeSpan.Zero))
        {
            if (known.DaysMax <= CalendarLimits.LengthDaysMax)
            {
                return known;
            }
            faults.Add(line.Number, $"{line.Name}: longer than {CalendarLimits.LengthDaysMax} days.");
            return null;
        }
        faults.Add(
            line.Number,
            $"{line.Name}: '{CalendarFaults.Echo(line.Value)}' is no end for an event that starts so: not before DTSTART, days with days, times with times."
        );
        return null;
    }

    private EventTiming ReadSeries(EventLines lines, EventTiming timing)
    {
        var rule = Single(lines, "RRULE");
        return timing with
        {
            Rule = rule is null ? null : new RecurrenceRuleReader(rule, timing.Start, zones, faults).Read(),
            Dates = [.. Values(lines, "RDATE").SelectMany(row => ReadDate(row, timing.Start))],
            Exceptions =
            [
                .. Values(lines, "EXDATE")
                    .Select(row => EventTime.Read(row.Line, row.Value, zones, faults))
                    .OfType<EventTime>(),
            ],
        };
    }

    private EventTiming Alone(EventLines lines, EventTiming timing)
    {
        var recurring = lines.Lines.FirstOrDefault(line => line.Name is "RRULE" or "RDATE");
        if (recurring is not null)
        {
            faults.Add(
                recurring.Number,
                $"{recurring.Name} must not stand beside RECURRENCE-ID, which is one recurrence."
            );
        }
        return timing;
    }

    private ImmutableArray<(EventTime, EventLength?)> ReadDate((ContentLine Line, string Value) row, EventTime start)
    {
        var (line, value) = row;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var isPeriod = slash >= 0 && line.Parameter("VALUE")?.ToUpperInvariant() == "PERIOD";
        if (EventTime.Read(line, isPeriod ? value[..slash] : value, zones, faults) is not { } at)
        {
            return [];
        }
        if (at.IsDate != start.IsDate)
        {
            faults.Add(line.Number, "RDATE: days must stand with days, times with times.");
            return [];
        }
        if (!isPeriod)
        {
            return [(at, null)];
        }
        var rest = value[(slash + 1)..];
        var length =
            rest is ['P' or '+', ..] ? EventLength.Parse(rest)
            : EventTime.Read(line, rest, zones, faults) is { } end ? Between(at, end)
            : null;
        return Checked(line, at, length) is { } known ? [(at, known)] : [];
    }

    private ContentLine? Single(EventLines lines, string name)
    {
        ContentLine? first = null;
        foreach (var line in lines.Lines.Where(line => line.Name == name))
        {
            if (first is not null)
            {
                faults.Add(line.Number, $"{name} stands in line {first.Number} already.");
            }
            first ??= line;
        }
        return first;
    }

    private static IEnumerable<(ContentLine Line, string Value)> Values(EventLines lines, string name) =>
        lines
            .Lines.Where(line => line.Name == name)
            .SelectMany(line => line.Value.Split(',').Select(value => (line, value.Trim())));
}
