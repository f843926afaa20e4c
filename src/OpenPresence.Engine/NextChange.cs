namespace OpenPresence.Engine;

/// <summary>
/// When a record will next show something else by itself, or hold less: the node arms one deadline a person
/// with it, so it must be exact. Too late and a reader sees a state that has ended; too early and time is
/// journalled for nothing.
/// </summary>
/// <remarks>
/// An end always changes the record. Before the first end things only begin: sessions take a step of fading,
/// spans of the calendar and automatic replies start. Those count only when they show, so each is tried in
/// order. The steps are few: two a session, one a kind of span, and one a planned place that differs.
/// </remarks>
internal static class NextChange
{
    internal static Instant? After(PresenceRecord record, Instant at)
    {
        var end = Pruning.NextEndAt(record, at);
        var step = NextStepAt(record, at, end);
        if (step < end)
        {
            var now = View.Of(record, at);
            do
            {
                if (View.Of(record, step) != now)
                {
                    return step;
                }
                step = NextStepAt(record, step, end);
            } while (step < end);
        }
        return end == Instant.Never ? null : end;
    }

    /// <summary>The next beginning after an instant and before the first end; else that end.</summary>
    private static Instant NextStepAt(PresenceRecord record, Instant at, Instant end)
    {
        var next = end;
        var isPreferred = record.Preferred is { } preferred && preferred.ExpiresAt > at;
        for (var index = 0; index < record.Sessions.Length && !isPreferred; index++)
        {
            ref readonly var session = ref record.Sessions.ItemRef(index);
            // Stryker disable once Equality : a step of a session that has ended shows nothing new
            if (session.ExpiresAt > at)
            {
                next = Instant.Min(next, Fading.NextStepAt(session, at));
            }
        }
        if (record.AutomaticReplies?.StartAt is { } startAt && startAt > at)
        {
            next = Instant.Min(next, startAt);
        }
        // Stryker disable once Conditional : in an empty calendar nothing starts; this is only quicker
        return record.Calendar.IsEmpty
            ? next
            : CalendarFacts.Of(record.Calendar, at).NextStartAt(record.Calendar, at, next);
    }
}
