namespace OpenPresence.Engine;

/// <summary>
/// Fading: an application that said Available and nothing since is believed less and less. After five minutes
/// its session shows Available/AvailableInactive, after five more Away/Away, until it is renewed or ends.
/// Source: cloud-communications-manage-presence-state, "Timeout, expiration, and keep alive" (documented).
/// </summary>
/// <remarks>
/// <para>Only Available/Available fades, and only in an application's session. The page speaks of sessions that
/// setPresence made. A device sees its person's keyboard: it reports its own idleness, and a phone that
/// says Available for an hour means it (ours). What a person prefers does not fade either: it is a wish,
/// not an observation (ours).</para>
/// <para>A session that ends at the instant of a step has ended: a default session of five minutes is never
/// seen faded.</para>
/// </remarks>
internal static class Fading
{
    internal static readonly PresencePair Fresh = new(Availability.Available, Activity.Available);

    internal static readonly PresencePair Inactive = new(Availability.Available, Activity.AvailableInactive);

    internal static readonly PresencePair Gone = new(Availability.Away, Activity.Away);

    /// <summary>Whether a session is of those that fade, at whatever step it is.</summary>
    internal static bool Fades(in Session session) => session.Kind == SessionKind.Application && session.Pair == Fresh;

    /// <summary>What a session shows at an instant.</summary>
    internal static PresencePair Shown(in Session session, Instant at)
    {
        if (!Fades(session) || at < session.SetAt + GraphLimits.FadeStep)
        {
            return session.Pair;
        }
        return at < session.SetAt + GraphLimits.FadeStep * 2 ? Inactive : Gone;
    }

    /// <summary>When a session takes its next step; <see cref="Instant.Never"/>: it has taken all.</summary>
    internal static Instant NextStepAt(in Session session, Instant at)
    {
        // Stryker disable once Block : NextChange passes over a step that shows nothing new
        if (!Fades(session))
        {
            return Instant.Never;
        }
        var first = session.SetAt + GraphLimits.FadeStep;
        var second = session.SetAt + GraphLimits.FadeStep * 2;
        return at < first ? first
            : at < second ? second
            : Instant.Never;
    }
}
