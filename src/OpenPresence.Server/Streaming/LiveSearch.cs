using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Streaming;

/// <summary>
/// Finds a place of the order in the feed's ring. Positions only grow along the ring, so it is a binary search; the
/// writer may overwrite what is looked at, and then the answer is that it is no longer there.
/// </summary>
public static class LiveSearch
{
    /// <summary>
    /// The number of the first change after a place; false: the feed does not hold every change since, so whoever
    /// changed must be looked for on the board.
    /// </summary>
    public static bool TryFindNext(ChangeFeed feed, LivePlace after, out long number)
    {
        number = 0;
        var first = feed.First;
        if (
            !TryLowerBound(feed, first, after.Position, out var begin)
            || !TryLowerBound(feed, begin, after.Position + 1, out var end)
        )
        {
            return false;
        }
        // Nothing that was told later is gone if an older change is still there, or if none is gone at all.
        if (after.Index == LivePlace.All)
        {
            number = end;
            return end > first || (first == 0 && after.Position >= feed.BeganAt);
        }
        number = Math.Min(begin + after.Index + 1, end);
        return begin > first || (first == 0 && after.Position > feed.BeganAt);
    }

    /// <summary>The place of the change before a number; false: the ring no longer tells.</summary>
    public static bool TryPlaceBefore(ChangeFeed feed, long number, out LivePlace place)
    {
        place = new LivePlace(feed.BeganAt, LivePlace.All);
        if (number == 0)
        {
            return true;
        }
        if (!TryPosition(feed, number - 1, out var position))
        {
            return false;
        }
        var first = feed.First;
        if (!TryLowerBound(feed, first, position, out var begin) || (begin == first && first > 0))
        {
            return false;
        }
        place = new LivePlace(position, (int)(number - 1 - begin));
        return true;
    }

    /// <summary>The first number from <paramref name="low"/> on whose position is at least that.</summary>
    private static bool TryLowerBound(ChangeFeed feed, long low, long position, out long number)
    {
        var high = feed.Next;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (!TryPosition(feed, middle, out var there))
            {
                number = 0;
                return false;
            }
            (low, high) = there < position ? (middle + 1, high) : (low, middle);
        }
        number = low;
        return true;
    }

    private static bool TryPosition(ChangeFeed feed, long number, out long position)
    {
        Span<Change> one = new Change[1];
        var isThere = feed.TryCopy(number, one, out var count) && count == 1;
        position = isThere ? Sequence.Position(one[0].Sequence) : 0;
        return isThere;
    }
}
