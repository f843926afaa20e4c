using System.Collections.Immutable;
using NodaTime;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using Instant = OpenPresence.Engine.Instant;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// From an iCalendar text (RFC 5545) to what the engine knows of a calendar: spans in UTC, without recurrence.
/// This happens before a command is made, because zones and their rules differ between machines and years,
/// and nodes must not disagree about what was journalled. In four steps, each in its file:
/// 1. <see cref="ContentLines"/>: bytes to properties. 2. <see cref="CalendarComponents"/>: properties to events.
/// 3. <see cref="EventReader"/>: an event's meaning, times and rule. 4. <see cref="EventExpansion"/>: its spans.
/// </summary>
/// <remarks>
/// <para>A calendar is taken whole or not at all: whatever is not understood and could matter is a fault
/// with its line. The tempting wrong change is to be lenient and take the rest: a weekly meeting whose rule was
/// half understood shows somebody as busy for years, and the operator would not know why.</para>
/// <para>Only the spans are kept. There is no SEQUENCE to compare and no event to change: who has a
/// newer calendar sends all of it. Recurrences end at <see cref="CalendarLimits.Horizon"/>; sending the
/// calendar again carries them on.</para>
/// </remarks>
public static class CalendarImport
{
    /// <summary>Reads a calendar.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="zone">The person's zone.</param>
    /// <param name="now">What has ended by then is left out; the horizon counts from here.</param>
    public static CalendarRead Read(ReadOnlyMemory<byte> body, DateTimeZone zone, Instant now)
    {
        var faults = new CalendarFaults();
        var components = CalendarComponents.Read(body, faults);
        var reader = new EventReader(new CalendarZones(zone, components.ZonePlaces), faults);
        var events = new List<CalendarEvent>(components.Events.Count);
        foreach (var lines in components.Events)
        {
            if (!faults.IsFull && reader.Read(lines) is { } read)
            {
                events.Add(read);
            }
        }
        return faults.Any ? new(faults.ToRefusal()) : Expand(events, now);
    }

    private static CalendarRead Expand(List<CalendarEvent> events, Instant now)
    {
        var replaced = events
            .Where(one => one.Replaces is not null)
            .ToLookup(one => one.Uid!, one => one.Replaces!.Value, StringComparer.Ordinal);
        var tried = new DaysTried();
        var until = now + CalendarLimits.Horizon;
        var expansion = new EventExpansion(now, until, tried);
        var spans = new HashSet<CalendarSpan>();
        foreach (var one in events)
        {
            if (one.Timing is not { } timing)
            {
                continue;
            }
            EventTime[] exceptions = one.Replaces is null && one.Uid is not null ? [.. replaced[one.Uid]] : [];
            foreach (var span in expansion.SpansOf(timing, exceptions))
            {
                spans.Add(span);
                if (spans.Count > EngineLimits.CalendarSpansPerPersonMax)
                {
                    return new(
                        new Refusal(
                            RefusalKind.LimitReached,
                            $"A calendar holds {EngineLimits.CalendarSpansPerPersonMax} spans at most; the event of line {one.Number} makes it more, of the next {CalendarLimits.Horizon.Days} days."
                        )
                    );
                }
            }
            if (tried.IsOver)
            {
                var faults = new CalendarFaults();
                faults.Add(
                    one.Number,
                    $"The calendar's rules try more than {CalendarLimits.DaysTriedMax} days; UNTIL instead of COUNT needs fewer."
                );
                return new(faults.ToRefusal());
            }
        }
        return new(null)
        {
            Spans = [.. spans],
            Events = events.Count,
            Until = until,
        };
    }
}

/// <summary>What became of a calendar.</summary>
/// <param name="Refusal">Why it is refused; null: it was understood.</param>
public readonly record struct CalendarRead(Refusal? Refusal)
{
    /// <summary>In no order.</summary>
    public ImmutableArray<CalendarSpan> Spans { get; init; }

    /// <summary>Events that were read, also those that say nothing.</summary>
    public int Events { get; init; }

    /// <summary>Where the expansion of recurrences ends.</summary>
    public Instant Until { get; init; }
}
