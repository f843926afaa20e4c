using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A person chooses what to show over every session.</summary>
/// <remarks>
/// <para>Route: POST /users/{id}/presence/setUserPreferredPresence, also under /me/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: availability and activity (Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb,
/// BeRightBack/BeRightBack, Away/Away, Offline/OffWork), expirationDuration (ISO 8601, more than zero; default
/// P1D for Busy and DoNotDisturb, P7D for the others).</para>
/// <para>Answers: 200 empty; 400 naming each member at fault; 401; 403; 404; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence</para>
/// </remarks>
public static class SetUserPreferredPresence
{
    /// <summary>Graph documents no range; ours keeps the end within the calendar.</summary>
    public static readonly TimeSpan DurationMax = TimeSpan.FromDays(3650);

    public static ValueTask<Refusal?> Handle(GraphCall call) => PresenceAction.CarryOutAsync(call, Read);

    private static Engine.SetUserPreferredPresence Read(GraphCall call, ActionBody body)
    {
        var members = body.Members("availability", "activity", "expirationDuration");
        var pair = PairBody.Pair(
            body,
            body.Text(members[0], "availability"),
            body.Text(members[1], "activity"),
            PairUses.Prefer
        );
        var duration = PairBody.Duration(
            body,
            body.Text(members[2], "expirationDuration"),
            GraphLimits.PreferredDurationOf(pair),
            TimeSpan.FromTicks(1),
            DurationMax
        );
        return new Engine.SetUserPreferredPresence(pair, duration);
    }
}
