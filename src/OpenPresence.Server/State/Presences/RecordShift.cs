using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Moves every instant of a presence record by as much. A record that comes back later than it was kept comes back
/// as it was: who had ten minutes left has ten minutes left.
/// </summary>
internal static class RecordShift
{
    public static PresenceRecord By(PresenceRecord record, TimeSpan shift) =>
        shift == TimeSpan.Zero
            ? record
            : record with
            {
                Sessions =
                [
                    .. record.Sessions.Select(session =>
                        session with
                        {
                            SetAt = session.SetAt + shift,
                            ExpiresAt = session.ExpiresAt + shift,
                        }
                    ),
                ],
                Preferred = record.Preferred is { } preferred
                    ? preferred with
                    {
                        SetAt = preferred.SetAt + shift,
                        ExpiresAt = preferred.ExpiresAt + shift,
                    }
                    : null,
                StatusMessage = record.StatusMessage is { } message
                    ? message with
                    {
                        PublishedAt = message.PublishedAt + shift,
                        ExpiresAt = message.ExpiresAt + shift,
                    }
                    : null,
                Calendar =
                [
                    .. record.Calendar.Select(span =>
                        span with
                        {
                            StartAt = span.StartAt + shift,
                            EndAt = span.EndAt + shift,
                        }
                    ),
                ],
                AutomaticReplies = record.AutomaticReplies is { } replies
                    ? replies with
                    {
                        StartAt = replies.StartAt + shift,
                        EndAt = replies.EndAt + shift,
                    }
                    : null,
                ManualLocation = Moved(record.ManualLocation, shift),
                AutomaticLocation = Moved(record.AutomaticLocation, shift),
            };

    private static LocationSignal? Moved(LocationSignal? signal, TimeSpan shift) =>
        signal is null ? null : signal with { ExpiresAt = signal.ExpiresAt + shift };
}
