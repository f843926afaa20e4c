using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>An application ends its presence session for a person.</summary>
/// <remarks>
/// <para>Route: POST /users/{id}/presence/clearPresence, also under /me/presence and /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: sessionId (the calling application's client id).</para>
/// <para>Answers: 200 empty; 400; 401; 403; 404 no person of that id, or no such session; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-clearpresence</para>
/// </remarks>
public static class ClearPresence
{
    public static ValueTask<Refusal?> Handle(GraphCall call) => PresenceAction.CarryOutAsync(call, Read);

    private static Engine.ClearPresence Read(GraphCall call, ActionBody body)
    {
        SessionBody.Check(call, body, body.Text(body.Members("sessionId")[0], "sessionId"));
        return new Engine.ClearPresence(call.Caller.ApplicationId);
    }
}
