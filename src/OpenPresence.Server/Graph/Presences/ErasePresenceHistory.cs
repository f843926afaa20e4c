using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Forgets what a person showed, on every node.</summary>
/// <remarks>
/// <para>Route: DELETE /users/{id}/presence/history, also under /me/presence and /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: none.</para>
/// <para>Answers: 204; 400 an id that is no GUID; 401; 403; 404 no person of that id, or no history is kept here; 429;
/// 503.</para>
/// <para>Source: docs/own-routes.md#history</para>
/// </remarks>
public static class ErasePresenceHistory
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        if (call.Server.History is null)
        {
            return GetPresenceHistory.Off();
        }
        if (!SubjectCheck.Exists(call))
        {
            return new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString());
        }
        AnsweredSequence.Tell(call, await call.Server.Node.AppendAsync(EntryPayload.EraseHistory(call.SubjectId)));
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
