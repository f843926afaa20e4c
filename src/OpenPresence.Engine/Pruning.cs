using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>
/// What of a record has ended. Everything that ends does so at the first instant after it: what expires at
/// noon is gone at noon. A record never grows with history, only with what is alive or still to come.
/// </summary>
internal static class Pruning
{
    internal static PresenceRecord Prune(PresenceRecord record, Instant at)
    {
        var sessions = LivingSessions(record.Sessions, at);
        var calendar = LivingSpans(record.Calendar, at);
        var preferred = record.Preferred is { } set && set.ExpiresAt <= at ? null : record.Preferred;
        var message = Ends(record.StatusMessage?.ExpiresAt, at) ? null : record.StatusMessage;
        var replies = Ends(record.AutomaticReplies?.EndAt, at) ? null : record.AutomaticReplies;
        var manual = Ends(record.ManualLocation?.ExpiresAt, at) ? null : record.ManualLocation;
        var automatic = Ends(record.AutomaticLocation?.ExpiresAt, at) ? null : record.AutomaticLocation;
        var isSame =
            sessions == record.Sessions
            && calendar == record.Calendar
            && ReferenceEquals(preferred, record.Preferred)
            && ReferenceEquals(message, record.StatusMessage)
            && ReferenceEquals(replies, record.AutomaticReplies)
            && ReferenceEquals(manual, record.ManualLocation)
            && ReferenceEquals(automatic, record.AutomaticLocation);
        if (isSame)
        {
            return record;
        }
        var pruned = new PresenceRecord
        {
            Sessions = sessions,
            Preferred = preferred,
            StatusMessage = message,
            Calendar = calendar,
            AutomaticReplies = replies,
            ManualLocation = manual,
            AutomaticLocation = automatic,
        };
        return pruned.IsEmpty ? PresenceRecord.Empty : pruned;
    }

    /// <summary>The first end after an instant of anything that the record holds; never, if nothing ends.</summary>
    internal static Instant NextEndAt(PresenceRecord record, Instant at)
    {
        var next = Instant.Never;
        for (var index = 0; index < record.Sessions.Length; index++)
        {
            next = Earlier(next, record.Sessions.ItemRef(index).ExpiresAt, at);
        }
        next = Earlier(next, record.Preferred?.ExpiresAt, at);
        next = Earlier(next, record.StatusMessage?.ExpiresAt, at);
        next = Earlier(next, record.AutomaticReplies?.EndAt, at);
        next = Earlier(next, record.ManualLocation?.ExpiresAt, at);
        next = Earlier(next, record.AutomaticLocation?.ExpiresAt, at);
        for (var index = 0; index < record.Calendar.Length; index++)
        {
            ref readonly var span = ref record.Calendar.ItemRef(index);
            // Stryker disable once Equality,Statement : what starts later ends later; this is only quicker
            if (span.StartAt >= next)
            {
                break; // ordered by start
            }
            next = Earlier(next, span.EndAt, at);
        }
        return next;
    }

    private static Instant Earlier(Instant next, Instant? end, Instant at) =>
        end is { } endAt && endAt > at ? Instant.Min(next, endAt) : next;

    private static bool Ends(Instant? end, Instant at) => end is { } endAt && endAt <= at;

    private static ImmutableArray<Session> LivingSessions(ImmutableArray<Session> sessions, Instant at)
    {
        var living = 0;
        for (var index = 0; index < sessions.Length; index++)
        {
            living += sessions.ItemRef(index).ExpiresAt > at ? 1 : 0;
        }
        if (living == sessions.Length)
        {
            return sessions;
        }
        // Stryker disable once Block : this only spares making nothing
        if (living == 0)
        {
            return [];
        }
        var kept = ImmutableArray.CreateBuilder<Session>(living);
        foreach (var session in sessions)
        {
            if (session.ExpiresAt > at)
            {
                kept.Add(session);
            }
        }
        return kept.MoveToImmutable();
    }

    private static ImmutableArray<CalendarSpan> LivingSpans(ImmutableArray<CalendarSpan> calendar, Instant at)
    {
        var ended = 0;
        for (var index = 0; index < calendar.Length; index++)
        {
            ref readonly var span = ref calendar.ItemRef(index);
            // Stryker disable once Equality,Statement : what starts now or later has not ended; this is only quicker
            if (span.StartAt > at)
            {
                break; // ordered by start: neither this nor a later one has begun
            }
            ended += span.EndAt <= at ? 1 : 0;
        }
        if (ended == 0)
        {
            return calendar;
        }
        // Stryker disable once Block : this only spares making nothing
        if (ended == calendar.Length)
        {
            return [];
        }
        var kept = ImmutableArray.CreateBuilder<CalendarSpan>(calendar.Length - ended);
        foreach (var span in calendar)
        {
            if (span.EndAt > at)
            {
                kept.Add(span);
            }
        }
        return kept.MoveToImmutable();
    }
}
