using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// A record as fields of a row and back: nothing at all, or one session of an application. What comes back is equal
/// to what was packed, to the tick; whatever would not be does not fit.
/// </summary>
internal static class RowPacking
{
    /// <summary>Whether a row holds all of a record; then readers see nothing but the pair.</summary>
    public static bool Fits(PresenceRecord record) =>
        record.Preferred is null
        && record.StatusMessage is null
        && record.Calendar.IsEmpty
        && record.AutomaticReplies is null
        && record.ManualLocation is null
        && record.AutomaticLocation is null
        && (record.Sessions.IsEmpty || (record.Sessions is [var only] && Fits(only)));

    /// <summary>Whether a row holds all of a session.</summary>
    private static bool Fits(in Session session)
    {
        var duration = session.ExpiresAt - session.SetAt;
        return session.Kind == SessionKind.Application
            && duration.Ticks % TimeSpan.TicksPerMillisecond == 0
            && Math.Abs(duration.TotalMilliseconds) <= int.MaxValue;
    }

    /// <summary>Packs a session that fits.</summary>
    public static void Pack(ref PersonRow row, in Session session, int application)
    {
        row.Place = RecordPlace.InRow(application);
        row.SessionPair = PairNumbers.Of(session.Pair);
        row.SetAtTicks = session.SetAt.Ticks;
        row.DurationMilliseconds = (int)(session.ExpiresAt - session.SetAt).TotalMilliseconds;
    }

    /// <summary>The record of a row that has no side data.</summary>
    /// <param name="row">The row.</param>
    /// <param name="applications">The client ids of the applications' numbers.</param>
    public static PresenceRecord RecordOf(in PersonRow row, IReadOnlyList<Guid> applications) =>
        row.Place.IsInRow ? new PresenceRecord { Sessions = [SessionOf(row, applications)] } : PresenceRecord.Empty;

    private static Session SessionOf(in PersonRow row, IReadOnlyList<Guid> applications)
    {
        var setAt = new Instant(row.SetAtTicks);
        return new Session(
            SessionKind.Application,
            applications[row.Place.Application],
            PairNumbers.Pair(row.SessionPair),
            setAt,
            setAt + TimeSpan.FromMilliseconds(row.DurationMilliseconds)
        );
    }
}
