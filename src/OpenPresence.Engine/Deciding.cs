using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>
/// What a command makes of a record. It is asked after the command's place in the order is known, so what
/// depends on the record (is there such a session, is there room) is decided here and nowhere else.
/// </summary>
/// <remarks>
/// It trusts a command's pairs and durations, which were checked before the command was journalled, but it
/// never throws over them: an entry that cannot be applied would stop every node at the same place. What
/// arrives already ended (a journal that lagged behind) is as if it had ended at once.
/// </remarks>
internal static class Deciding
{
    internal static Decision Decide(PresenceRecord record, PresenceCommand command, Instant at) =>
        command switch
        {
            SetPresence set => PutSession(
                record,
                new(SessionKind.Application, set.ApplicationId, set.Pair, at, at + set.Duration),
                at
            ),
            ReportDevice report => PutSession(
                record,
                new(SessionKind.Device, report.DeviceId, report.Pair, at, at + report.Duration),
                at
            ),
            ClearPresence clear => EndSession(record, SessionKind.Application, clear.ApplicationId),
            RemoveDevice remove => EndSession(record, SessionKind.Device, remove.DeviceId),
            SetCalendar set => PutCalendar(record, set.Spans, at),
            SetUserPreferredPresence set => Prefer(
                record,
                set.Duration <= TimeSpan.Zero ? null : new PreferredPresence(set.Pair, at, at + set.Duration)
            ),
            ClearUserPreferredPresence => Prefer(record, null),
            SetStatusMessage set => Say(
                record,
                set.Content.Length == 0 || set.ExpiresAt <= at
                    ? null
                    : new StatusMessage(set.Content, at, set.ExpiresAt)
            ),
            SetAutomaticReplies set => Reply(record, set.Replies?.EndAt <= at ? null : set.Replies),
            SetManualLocation set => Locate(
                record,
                Living(new(set.Type, set.PlaceId, set.ExpiresAt), at),
                record.AutomaticLocation
            ),
            SetAutomaticLocation set => Locate(
                record,
                record.ManualLocation,
                Living(new(set.Type, set.PlaceId, set.ExpiresAt), at)
            ),
            ClearAutomaticLocation => Locate(record, record.ManualLocation, null),
            ClearLocation => Locate(record, null, null),
            SignOut => KeepMailbox(record),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };

    private static Decision PutSession(PresenceRecord record, in Session session, Instant at)
    {
        var sessions = record.Sessions;
        var place = SessionOrder.Find(sessions, session.Kind, session.Key);
        if (place >= 0 && sessions.ItemRef(place) == session)
        {
            return Done(record);
        }
        if (session.ExpiresAt <= at)
        {
            return place < 0 ? Done(record) : WithoutSession(record, place);
        }
        if (place < 0 && sessions.Length >= EngineLimits.SessionsPerPersonMax)
        {
            return new(record, Outcome.TooManySessions);
        }
        var changed = place >= 0 ? sessions.SetItem(place, session) : sessions.Insert(~place, session);
        return Done(record with { Sessions = changed });
    }

    private static Decision EndSession(PresenceRecord record, SessionKind kind, Guid key)
    {
        var place = SessionOrder.Find(record.Sessions, kind, key);
        return place < 0 ? new(record, Outcome.SessionNotFound) : WithoutSession(record, place);
    }

    private static Decision WithoutSession(PresenceRecord record, int place) =>
        Done(record with { Sessions = record.Sessions.RemoveAt(place) });

    private static Decision PutCalendar(PresenceRecord record, ImmutableArray<CalendarSpan> spans, Instant at)
    {
        var calendar = CalendarOrder.Arrange(spans, at);
        if (calendar.Length > EngineLimits.CalendarSpansPerPersonMax)
        {
            return new(record, Outcome.TooManyCalendarSpans);
        }
        return Done(
            calendar.AsSpan().SequenceEqual(record.Calendar.AsSpan()) ? record : record with { Calendar = calendar }
        );
    }

    private static Decision Prefer(PresenceRecord record, PreferredPresence? preferred) =>
        Done(record.Preferred == preferred ? record : record with { Preferred = preferred });

    private static Decision Say(PresenceRecord record, StatusMessage? message) =>
        Done(record.StatusMessage == message ? record : record with { StatusMessage = message });

    private static Decision Reply(PresenceRecord record, AutomaticReplies? replies) =>
        Done(record.AutomaticReplies == replies ? record : record with { AutomaticReplies = replies });

    private static Decision Locate(PresenceRecord record, LocationSignal? manual, LocationSignal? automatic) =>
        Done(
            record.ManualLocation == manual && record.AutomaticLocation == automatic
                ? record
                : record with
                {
                    ManualLocation = manual,
                    AutomaticLocation = automatic,
                }
        );

    private static Decision KeepMailbox(PresenceRecord record)
    {
        var kept = PresenceRecord.Empty with { Calendar = record.Calendar, AutomaticReplies = record.AutomaticReplies };
        return Done(kept == record ? record : kept);
    }

    private static LocationSignal? Living(LocationSignal signal, Instant at) => signal.ExpiresAt <= at ? null : signal;

    private static Decision Done(PresenceRecord record) =>
        new(record.IsEmpty ? PresenceRecord.Empty : record, Outcome.Done);
}
