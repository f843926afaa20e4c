namespace OpenPresence.Engine.Tests;

/// <summary>
/// The rules once more, as plainly as they can be said: keep every command for ever and, for each question,
/// go through all of them. Shares nothing with the engine but its values, and knows pairs only as text.
/// </summary>
internal sealed class Model
{
    private static readonly string[] Order =
    [
        "DoNotDisturb/Presenting",
        "DoNotDisturb/Focusing",
        "DoNotDisturb/UrgentInterruptionsOnly",
        "DoNotDisturb/DoNotDisturb",
        "Busy/InAConferenceCall",
        "Busy/InACall",
        "Busy/InAMeeting",
        "Busy/Busy",
        "BusyIdle/Inactive",
        "Available/Available",
        "Available/OutOfOffice",
        "Available/AvailableInactive",
        "AvailableIdle/Inactive",
        "BeRightBack/BeRightBack",
        "Away/BeRightBack",
        "Away/Away",
        "Offline/OutOfOffice",
        "Offline/OffWork",
        "Offline/Offline",
        "PresenceUnknown/PresenceUnknown",
    ];

    private readonly List<(Instant At, PresenceCommand Command)> history = [];

    public void Add(Instant at, PresenceCommand command) => history.Add((at, command));

    public bool HasSession(Instant now, bool isDevice, Guid key) =>
        Sessions(now).Any(session => session.IsDevice == isDevice && session.Key == key);

    public string Shows(Instant now)
    {
        var isOut = IsOutOfOffice(now);
        var pairs = Sessions(now).Select(session => session.Shows).ToList();
        if (pairs.Count == 0)
        {
            return isOut ? "Offline/OutOfOffice" : "Offline/Offline";
        }
        var spans = Spans(now);
        pairs.AddRange(spans.Where(s => s.Kind == CalendarSpanKind.Meeting).Select(_ => "Busy/InAMeeting"));
        pairs.AddRange(spans.Where(s => s.Kind == CalendarSpanKind.Focus).Select(_ => "DoNotDisturb/Focusing"));
        var shown = Preferred(now) ?? pairs.MinBy(pair => Array.IndexOf(Order, pair))!;
        return isOut && shown == "Available/Available" ? "Available/OutOfOffice" : shown;
    }

    public bool IsOutOfOffice(Instant now) =>
        Replies(now) is not null || Spans(now).Any(span => span.Kind == CalendarSpanKind.OutOfOffice);

    public string? OutOfOfficeMessage(Instant now) => Replies(now)?.Message;

    public string? StatusMessage(Instant now) =>
        Last<SetStatusMessage>(command => command is SignOut) is { } set
        && set.Command.Content.Length > 0
        && (set.Command.ExpiresAt is null || now < set.Command.ExpiresAt)
            ? set.Command.Content
            : null;

    public string Location(Instant now)
    {
        var manual = Last<SetManualLocation>(command => command is ClearLocation or SignOut);
        if (manual is { } said && now < said.Command.ExpiresAt)
        {
            return $"Manual {said.Command.Type} {said.Command.PlaceId}";
        }
        var automatic = Last<SetAutomaticLocation>(command =>
            command is ClearLocation or ClearAutomaticLocation or SignOut
        );
        if (automatic is { } noticed && now < noticed.Command.ExpiresAt)
        {
            return $"Automatic {noticed.Command.Type} {noticed.Command.PlaceId}";
        }
        var plan = Spans(now)
            .Where(span => span.Kind == CalendarSpanKind.Place)
            .OrderByDescending(span => span.PlaceId is not null)
            .ThenByDescending(span => span.StartAt)
            .ThenByDescending(span => span.EndAt)
            .ThenByDescending(span => span.Location)
            .ThenByDescending(span => span.PlaceId, StringComparer.Ordinal)
            .Select(span => $"Scheduled {span.Location} {span.PlaceId}");
        return plan.FirstOrDefault("None Unspecified ");
    }

    private IEnumerable<(bool IsDevice, Guid Key, string Shows)> Sessions(Instant now)
    {
        var keys = history
            .Select(entry =>
                entry.Command switch
                {
                    SetPresence set => (IsDevice: false, Key: set.ApplicationId),
                    ReportDevice report => (IsDevice: true, Key: report.DeviceId),
                    _ => default,
                }
            )
            .Distinct();
        foreach (var (isDevice, key) in keys)
        {
            var last = history.LastOrDefault(entry =>
                entry.Command switch
                {
                    SetPresence set => !isDevice && set.ApplicationId == key,
                    ClearPresence clear => !isDevice && clear.ApplicationId == key,
                    ReportDevice report => isDevice && report.DeviceId == key,
                    RemoveDevice remove => isDevice && remove.DeviceId == key,
                    SignOut => true,
                    _ => false,
                }
            );
            if (last.Command is SetPresence app && now < last.At + app.Duration)
            {
                yield return (false, key, Faded(app.Pair.ToString(), now - last.At));
            }
            if (last.Command is ReportDevice device && now < last.At + device.Duration)
            {
                yield return (true, key, device.Pair.ToString());
            }
        }
    }

    private static string Faded(string pair, TimeSpan age) =>
        pair != "Available/Available" ? pair
        : age.TotalMinutes < 5 ? pair
        : age.TotalMinutes < 10 ? "Available/AvailableInactive"
        : "Away/Away";

    private string? Preferred(Instant now) =>
        Last<SetUserPreferredPresence>(command => command is ClearUserPreferredPresence or SignOut) is { } chosen
        && now < chosen.At + chosen.Command.Duration
            ? chosen.Command.Pair.ToString()
            : null;

    private AutomaticReplies? Replies(Instant now) =>
        Last<SetAutomaticReplies>()?.Command.Replies is { } replies
        && !(now < replies.StartAt)
        && !(now >= replies.EndAt)
            ? replies
            : null;

    private IEnumerable<CalendarSpan> Spans(Instant now) =>
        Last<SetCalendar>() is { } set ? set.Command.Spans.Where(span => span.StartAt <= now && now < span.EndAt) : [];

    private (Instant At, T Command)? Last<T>(Func<PresenceCommand, bool>? undoes = null)
        where T : PresenceCommand
    {
        var last = history.FindLast(entry => entry.Command is T || (undoes is not null && undoes(entry.Command)));
        return last.Command is T command ? (last.At, command) : null;
    }
}
