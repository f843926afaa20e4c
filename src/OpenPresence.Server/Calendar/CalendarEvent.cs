using System.Collections.Immutable;
using OpenPresence.Engine;

namespace OpenPresence.Server.Calendar;

/// <summary>An event that was understood.</summary>
/// <param name="Number">The line of its BEGIN.</param>
/// <param name="Uid">What its exceptions name; null: it has none.</param>
/// <param name="Replaces">RECURRENCE-ID: which recurrence it stands for; null: it is no exception.</param>
/// <param name="Timing">When; null: it says nothing of presence.</param>
public sealed record CalendarEvent(int Number, string? Uid, EventTime? Replaces, EventTiming? Timing);

/// <summary>When an event takes place, and what it means then.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Start">DTSTART, always the first of its recurrences.</param>
/// <param name="Length">From DTEND or DURATION.</param>
public sealed record EventTiming(CalendarSpanKind Kind, EventTime Start, EventLength Length)
{
    /// <summary>RRULE.</summary>
    public RecurrenceRule? Rule { get; init; }

    /// <summary>RDATE; a period has a length of its own.</summary>
    public ImmutableArray<(EventTime Start, EventLength? Length)> Dates { get; init; } = [];

    /// <summary>EXDATE.</summary>
    public ImmutableArray<EventTime> Exceptions { get; init; } = [];
}
