using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>What the calendar says at one instant: which kinds of span are on, and which place is planned.</summary>
/// <param name="IsMeeting">A meeting is on.</param>
/// <param name="IsFocus">A focus time is on.</param>
/// <param name="IsOutOfOffice">An absence is on.</param>
/// <param name="Place">The number of the span that names the place; -1: none does.</param>
internal readonly record struct CalendarFacts(bool IsMeeting, bool IsFocus, bool IsOutOfOffice, int Place)
{
    internal static readonly CalendarFacts None = new(false, false, false, -1);

    internal static CalendarFacts Of(ImmutableArray<CalendarSpan> calendar, Instant at)
    {
        var (isMeeting, isFocus, isOutOfOffice, place) = None;
        for (var index = 0; index < calendar.Length; index++)
        {
            ref readonly var span = ref calendar.ItemRef(index);
            if (span.StartAt > at)
            {
                break; // ordered by start
            }
            if (span.EndAt <= at)
            {
                continue;
            }
            switch (span.Kind)
            {
                case CalendarSpanKind.Meeting:
                    isMeeting = true;
                    break;
                case CalendarSpanKind.Focus:
                    isFocus = true;
                    break;
                case CalendarSpanKind.OutOfOffice:
                    isOutOfOffice = true;
                    break;
                case CalendarSpanKind.Place:
                    if (place < 0 || !IsMorePrecise(calendar.ItemRef(place), span))
                    {
                        place = index;
                    }
                    break;
            }
        }
        return new(isMeeting, isFocus, isOutOfOffice, place);
    }

    /// <summary>
    /// When a kind that is off comes on, or another place is planned: the first such instant after
    /// <paramref name="at"/> and before <paramref name="end"/>, up to which nothing ends; else
    /// <paramref name="end"/>.
    /// </summary>
    internal Instant NextStartAt(ImmutableArray<CalendarSpan> calendar, Instant at, Instant end)
    {
        var (next, moves) = (end, end);
        var planned = Place;
        for (var index = 0; index < calendar.Length; index++)
        {
            ref readonly var span = ref calendar.ItemRef(index);
            // Stryker disable once Equality : what starts at this instant is on already; seen again it changes nothing
            if (span.StartAt <= at)
            {
                continue;
            }
            // Stryker disable once Equality : NextChange passes over a beginning that shows nothing new
            if (span.StartAt > Instant.Min(next, moves))
            {
                break;
            }
            if (span.Kind != CalendarSpanKind.Place)
            {
                // Stryker disable once Conditional : NextChange passes over a beginning that shows nothing new
                next = IsOn(span.Kind) ? next : span.StartAt;
            }
            else if (planned == -1 || !IsMorePrecise(calendar.ItemRef(planned), span))
            {
                // Of several plans that start together only the last word counts.
                planned = index;
                // Stryker disable once Conditional : NextChange passes over a beginning that shows nothing new
                moves = IsSamePlace(calendar, planned, Place) ? end : span.StartAt;
            }
        }
        return Instant.Min(next, moves);
    }

    private bool IsOn(CalendarSpanKind kind) =>
        kind switch
        {
            CalendarSpanKind.Meeting => IsMeeting,
            CalendarSpanKind.Focus => IsFocus,
            _ => IsOutOfOffice,
        };

    private static bool IsSamePlace(ImmutableArray<CalendarSpan> calendar, int left, int right) =>
        right != -1
        && calendar.ItemRef(left).Location == calendar.ItemRef(right).Location
        && calendar.ItemRef(left).PlaceId == calendar.ItemRef(right).PlaceId;

    /// <summary>
    /// Inside a layer the more precise signal wins (userWorkLocation, documented): the one that names a place.
    /// Between equally precise ones the later start (ours: the exception is entered after the habit).
    /// </summary>
    private static bool IsMorePrecise(in CalendarSpan earlier, in CalendarSpan later) =>
        earlier.PlaceId is not null && later.PlaceId is null;
}
