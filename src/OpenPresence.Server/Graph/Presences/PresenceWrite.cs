using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>
/// What all writes share: the person must exist, the command goes through the journal, and its outcome
/// becomes the answer. An acknowledged write is durable and visible on this node.
/// </summary>
public static class PresenceWrite
{
    /// <summary>Carries a command out and answers, by default with 200 and no body (D).</summary>
    public static async ValueTask<Refusal?> ExecuteAsync(
        GraphCall call,
        PresenceCommand command,
        int status = StatusCodes.Status200OK
    )
    {
        if (await ApplyAsync(call, command) is { } refusal)
        {
            return refusal;
        }
        call.Http.Response.StatusCode = status;
        call.Http.Response.ContentLength = status == StatusCodes.Status204NoContent ? null : 0;
        return null;
    }

    /// <summary>Carries a command out; the caller answers.</summary>
    public static async ValueTask<Refusal?> ApplyAsync(GraphCall call, PresenceCommand command)
    {
        if (call.Forbidden is { } forbidden)
        {
            return forbidden;
        }
        if (!SubjectCheck.Exists(call))
        {
            return new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString());
        }
        // 8. Make it durable, apply it, and only then answer.
        var result = AnsweredSequence.Tell(call, await call.Server.Node.ExecuteAsync(call.SubjectId, command));
        return result.IsPersonUnknown
            ? new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString())
            : RefusalOf(result.Presence);
    }

    /// <summary>The status of location actions: 200 on v1.0, 204 on beta, as their pages say (D).</summary>
    public static int LocationStatus(GraphCall call) =>
        call.IsBeta ? StatusCodes.Status204NoContent : StatusCodes.Status200OK;

    private static Refusal? RefusalOf(Outcome outcome) =>
        outcome switch
        {
            Outcome.Done => null,
            Outcome.SessionNotFound => new Refusal(RefusalKind.SessionNotFound),
            Outcome.TooManySessions => new Refusal(
                RefusalKind.LimitReached,
                $"The person has {EngineLimits.SessionsPerPersonMax} sessions already."
            ),
            Outcome.TooManyCalendarSpans => new Refusal(
                RefusalKind.LimitReached,
                $"A calendar holds {EngineLimits.CalendarSpansPerPersonMax} spans at most."
            ),
            _ => throw new NotSupportedException($"No answer for {outcome}."),
        };
}
