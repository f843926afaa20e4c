namespace OpenPresence.Server.Graph.Presences;

/// <summary>Checks <c>sessionId</c>: an application can only speak for its own session.</summary>
public static class SessionBody
{
    /// <summary>Adds a fault unless the text is the calling application's client id.</summary>
    public static void Check(GraphCall call, ActionBody body, string? sessionId)
    {
        if (sessionId is null)
        {
            RequiredMember.Fault(body, "sessionId", "It is the client id of the calling application.");
        }
        // Whose session it may be is a question of permission: one that is missing is said first.
        else if (!Guid.TryParse(sessionId, out var id) || (id != call.Caller.ApplicationId && call.Forbidden is null))
        {
            body.Fault("sessionId", "The provided [SessionId] must be the client id of the calling application.");
        }
    }
}
