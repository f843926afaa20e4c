namespace OpenPresence.Engine;

/// <summary>
/// A merged presence that costs no allocation; how the rules look at a record. Steps, outermost last:
/// 1 the most significant living session; without one nothing below counts. 2 a meeting or a focus time of
/// the calendar, as if it were a session. 3 the preferred presence, over all of them. 4 out of office,
/// which colours Available/Available only.
/// </summary>
/// <remarks>
/// The tempting wrong change is to let the preferred presence count alone: the service shows a person without
/// any session as Offline whatever was preferred, and shows the preference as soon as a session comes.
/// </remarks>
internal readonly record struct View(
    PresencePair Pair,
    MergeRule Rule,
    bool IsOutOfOffice,
    string? OutOfOfficeMessage,
    StatusMessage? StatusMessage,
    WorkLocationType LocationType,
    WorkLocationSource LocationSource,
    string? PlaceId
)
{
    internal static readonly PresencePair MeetingPair = new(Availability.Busy, Activity.InAMeeting);

    internal static readonly PresencePair FocusPair = new(Availability.DoNotDisturb, Activity.Focusing);

    private static readonly PresencePair AvailableOutOfOffice = new(Availability.Available, Activity.OutOfOffice);

    private static readonly PresencePair OfflineOutOfOffice = new(Availability.Offline, Activity.OutOfOffice);

    internal static View Of(PresenceRecord record, Instant at)
    {
        // Stryker disable once Conditional : an empty calendar says nothing; this is only quicker
        var facts = record.Calendar.IsEmpty ? CalendarFacts.None : CalendarFacts.Of(record.Calendar, at);
        var replies = record.AutomaticReplies is { } set && set.IsOn(at) ? set : null;
        var isOutOfOffice = facts.IsOutOfOffice || replies is not null;
        var (pair, rule) = Decide(record, at, facts, isOutOfOffice);
        var (type, source, placeId) = Locate(record, at, facts);
        var message = record.StatusMessage is { } status && status.IsOn(at) ? status : null;
        return new(pair, rule, isOutOfOffice, replies?.Message, message, type, source, placeId);
    }

    private static (PresencePair Pair, MergeRule Rule) Decide(
        PresenceRecord record,
        Instant at,
        in CalendarFacts facts,
        bool isOutOfOffice
    )
    {
        var session = SessionOrder.MostSignificant(record.Sessions, at, out var pair);
        if (session < 0)
        {
            return isOutOfOffice
                ? (OfflineOutOfOffice, MergeRule.NoSessionOutOfOffice)
                : (PresencePair.Offline, MergeRule.NoSession);
        }
        MergeRule rule;
        if (record.Preferred is { } preferred && preferred.ExpiresAt > at)
        {
            (pair, rule) = (preferred.Pair, MergeRule.Preferred);
        }
        else
        {
            rule = pair == record.Sessions.ItemRef(session).Pair ? MergeRule.Session : MergeRule.FadedSession;
            // A session that says the same as the calendar keeps the floor: it is the better witness.
            if (facts.IsMeeting && PairTable.RankOf(MeetingPair) > PairTable.RankOf(pair))
            {
                (pair, rule) = (MeetingPair, MergeRule.Meeting);
            }
            if (facts.IsFocus && PairTable.RankOf(FocusPair) > PairTable.RankOf(pair))
            {
                (pair, rule) = (FocusPair, MergeRule.Focus);
            }
        }
        return isOutOfOffice && pair == Fading.Fresh
            ? (AvailableOutOfOffice, MergeRule.AvailableOutOfOffice)
            : (pair, rule);
    }

    /// <summary>Manual beats automatic beats scheduled (userWorkLocation, documented).</summary>
    private static (WorkLocationType Type, WorkLocationSource Source, string? PlaceId) Locate(
        PresenceRecord record,
        Instant at,
        in CalendarFacts facts
    )
    {
        if (record.ManualLocation is { } manual && manual.ExpiresAt > at)
        {
            return (manual.Type, WorkLocationSource.Manual, manual.PlaceId);
        }
        if (record.AutomaticLocation is { } automatic && automatic.ExpiresAt > at)
        {
            return (automatic.Type, WorkLocationSource.Automatic, automatic.PlaceId);
        }
        if (facts.Place >= 0)
        {
            ref readonly var plan = ref record.Calendar.ItemRef(facts.Place);
            return (plan.Location, WorkLocationSource.Scheduled, plan.PlaceId);
        }
        return (WorkLocationType.Unspecified, WorkLocationSource.None, null);
    }

    /// <summary>The same for the world outside; plain cases share one instance each.</summary>
    internal Presence ToPresence()
    {
        var isPlain = !IsOutOfOffice && StatusMessage is null && LocationSource == WorkLocationSource.None;
        return isPlain && PairTable.IsNamed(Pair) ? PlainPresences.Of(Pair, Rule) : Make();
    }

    private Presence Make() =>
        new(
            Pair,
            Rule,
            IsOutOfOffice,
            OutOfOfficeMessage,
            StatusMessage,
            LocationSource == WorkLocationSource.None
                ? WorkLocation.None
                : new WorkLocation(LocationType, LocationSource, PlaceId)
        );
}
