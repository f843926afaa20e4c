using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>An application sets or renews its presence session for a person.</summary>
/// <remarks>
/// <para>Route: POST /users/{id}/presence/setPresence, also under /me/presence and /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: sessionId (the calling application's client id), availability and activity (Available/Available,
/// Busy/InACall, Busy/InAConferenceCall, Away/Away, DoNotDisturb/Presenting), expirationDuration (ISO 8601,
/// PT5M to PT4H, default PT5M).</para>
/// <para>Answers: 200 empty; 400 naming each member at fault; 401; 403; 404 no person of that id; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-setpresence</para>
/// </remarks>
public static class SetPresence
{
    public static ValueTask<Refusal?> Handle(GraphCall call) => PresenceAction.CarryOutAsync(call, Read);

    private static Engine.SetPresence Read(GraphCall call, ActionBody body)
    {
        var members = body.Members("sessionId", "availability", "activity", "expirationDuration");
        SessionBody.Check(call, body, body.Text(members[0], "sessionId"));
        var pair = PairBody.Pair(
            body,
            body.Text(members[1], "availability"),
            body.Text(members[2], "activity"),
            PairUses.Set
        );
        var duration = PairBody.Duration(
            body,
            body.Text(members[3], "expirationDuration"),
            GraphLimits.SessionDurationDefault,
            GraphLimits.SessionDurationMin,
            GraphLimits.SessionDurationMax
        );
        return new Engine.SetPresence(call.Caller.ApplicationId, pair, duration);
    }
}
