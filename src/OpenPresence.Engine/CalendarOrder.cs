using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>
/// The order in which a record keeps its calendar: by start, end, kind, location, place (ordinal). Every
/// member counts, so that two calendars with the same spans are equal whatever order they came in.
/// </summary>
internal static class CalendarOrder
{
    /// <summary>The spans in order, without what has ended, what never is, and repetitions.</summary>
    internal static ImmutableArray<CalendarSpan> Arrange(ImmutableArray<CalendarSpan> spans, Instant at)
    {
        var kept = new List<CalendarSpan>(spans.Length);
        foreach (var span in spans)
        {
            if (span.EndAt > at && span.EndAt > span.StartAt)
            {
                kept.Add(span);
            }
        }
        kept.Sort(Compare);
        var arranged = ImmutableArray.CreateBuilder<CalendarSpan>(kept.Count);
        foreach (var span in kept)
        {
            if (arranged.Count == 0 || arranged[^1] != span)
            {
                arranged.Add(span);
            }
        }
        return arranged.DrainToImmutable();
    }

    private static int Compare(CalendarSpan left, CalendarSpan right)
    {
        var order = left.StartAt.CompareTo(right.StartAt);
        order = order != 0 ? order : left.EndAt.CompareTo(right.EndAt);
        order = order != 0 ? order : left.Kind.CompareTo(right.Kind);
        order = order != 0 ? order : left.Location.CompareTo(right.Location);
        return order != 0 ? order : string.CompareOrdinal(left.PlaceId, right.PlaceId);
    }
}
