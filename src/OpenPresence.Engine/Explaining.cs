using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>
/// Explains a presence from the same view and the same order that made it, so that it cannot say anything
/// else than what was shown. Not on any hot path: it may allocate.
/// </summary>
internal static class Explaining
{
    internal static Explanation Explain(PresenceRecord record, Instant at)
    {
        var view = View.Of(record, at);
        var nextAt = NextChange.After(record, at);
        return new(
            view.ToPresence(),
            RuleTable.Of(view.Rule),
            Layers(record, at, view),
            nextAt,
            nextAt is { } next ? View.Of(record, next).ToPresence() : null
        );
    }

    private static ImmutableArray<Layer> Layers(PresenceRecord record, Instant at, in View view)
    {
        var layers = ImmutableArray.CreateBuilder<Layer>();
        if (view.IsOutOfOffice)
        {
            layers.Add(OutOfOffice(view.Rule));
        }
        var isAlone = view.Rule is MergeRule.NoSession or MergeRule.NoSessionOutOfOffice;
        var isPreferred = record.Preferred is { } set && set.ExpiresAt > at;
        if (isPreferred)
        {
            var preferred = record.Preferred!;
            layers.Add(
                new(
                    LayerKind.Preferred,
                    isAlone ? LayerStanding.Waiting : LayerStanding.Shown,
                    null,
                    preferred.Pair,
                    preferred.Pair,
                    preferred.SetAt,
                    preferred.ExpiresAt
                )
            );
        }
        var candidates = Sessions(record.Sessions, at);
        AddCalendar(candidates, CalendarFacts.Of(record.Calendar, at));
        // Stable: of equal pairs the order is that of SessionOrder, and the calendar comes last.
        var ordered = candidates.OrderByDescending(layer => PairTable.RankOf(layer.Shows!.Value));
        foreach (var layer in ordered)
        {
            var isFirst = !isPreferred && layers.All(other => other.Kind == LayerKind.OutOfOffice);
            layers.Add(
                layer with
                {
                    Standing =
                        isAlone ? LayerStanding.Waiting
                        : isFirst ? LayerStanding.Shown
                        : LayerStanding.Hidden,
                }
            );
        }
        return layers.ToImmutable();
    }

    private static Layer OutOfOffice(MergeRule rule) =>
        new(
            LayerKind.OutOfOffice,
            rule is MergeRule.AvailableOutOfOffice or MergeRule.NoSessionOutOfOffice
                ? LayerStanding.Shown
                : LayerStanding.Hidden,
            null,
            null,
            null,
            null,
            null
        );

    private static List<Layer> Sessions(ImmutableArray<Session> sessions, Instant at) =>
        [
            .. sessions
                .Where(session => session.ExpiresAt > at)
                .OrderByDescending(session => session.SetAt)
                .Select(session => new Layer(
                    session.Kind == SessionKind.Application ? LayerKind.Application : LayerKind.Device,
                    LayerStanding.Hidden,
                    session.Key,
                    session.Pair,
                    Fading.Shown(session, at),
                    session.SetAt,
                    session.ExpiresAt
                )),
        ];

    private static void AddCalendar(List<Layer> layers, in CalendarFacts facts)
    {
        if (facts.IsFocus)
        {
            layers.Add(OfCalendar(LayerKind.Focus, View.FocusPair));
        }
        if (facts.IsMeeting)
        {
            layers.Add(OfCalendar(LayerKind.Meeting, View.MeetingPair));
        }
    }

    private static Layer OfCalendar(LayerKind kind, PresencePair pair) =>
        new(kind, LayerStanding.Hidden, null, pair, pair, null, null);
}
