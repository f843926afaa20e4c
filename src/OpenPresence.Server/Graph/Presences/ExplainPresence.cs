using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Explains a presence: every layer that has a say, which one won by which rule, and what comes next.</summary>
/// <remarks>
/// <para>Route: GET /users/{id}/presence/explain, also under /me/presence and /communications/presences/{id}</para>
/// <para>Permissions: Presence.Read, Presence.Read.All, Presence.ReadWrite (own); application:
/// Presence.ReadWrite.All. Not Presence.Read.All for others: it would give away a person who appears offline.</para>
/// <para>Body: none.</para>
/// <para>Answers: 200; 400 an id that is no GUID; 401; 403; 404 no person of that id; 429; 503.</para>
/// <para>Source: docs/own-routes.md#why-a-presence-is-what-it-is</para>
/// </remarks>
public static class ExplainPresence
{
    /// <summary>Ends and beginnings that are looked at for one that readers would see.</summary>
    public const int StepsMax = 256;

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        // A record is the writer's; this is asked for rarely, so it waits for its turn between two batches.
        var explained = call.Server.Node.Between(state => Explain(state, call.SubjectId, call.Caller.TenantId));
        if (explained is not { } known)
        {
            return new(new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString()));
        }
        JsonAnswer.Write(call, context: null, json => ExplanationJson.Write(json, call.Server.Directory, known));
        return default;
    }

    private static ExplainedPerson? Explain(NodeState state, Guid id, Guid tenantId)
    {
        var board = state.Board;
        if (
            !board.Tenants.TryGet(tenantId, out var tenant)
            || !board.TryRead(tenant, id, out var view)
            || !board.TryReadTimes(tenant, id, out var times)
            || !board.TryGetRecord(id, out var record)
        )
        {
            return null;
        }
        var now = AsOf(state, record);
        var explanation = board.Rules.Explain(record, now);
        var (nextAt, next) = NextSeen(board.Rules, record, explanation.Presence, now);
        return new ExplainedPerson(id, now, view.Sequence, times, explanation, nextAt, next);
    }

    /// <summary>
    /// By the clock, as long as nothing is due for this person; an end that no entry has carried time across yet is
    /// not told, for readers do not see it either.
    /// </summary>
    private static Instant AsOf(NodeState state, PresenceRecord record)
    {
        var (carried, clock) = (state.Board.Now, state.Clock.Now);
        return clock > carried && !(state.Board.Rules.NextChangeAt(record, carried) <= clock) ? clock : carried;
    }

    /// <summary>
    /// The first instant at which readers see something else; an end that no reader sees is passed over.
    /// </summary>
    private static (Instant?, Presence?) NextSeen(Rules rules, PresenceRecord record, Presence shown, Instant now)
    {
        var at = now;
        for (var step = 0; step < StepsMax; step++)
        {
            if (rules.NextChangeAt(record, at) is not { } next)
            {
                return (null, null);
            }
            at = next;
            var then = rules.Merge(record, at);
            if (then with { Rule = shown.Rule } != shown)
            {
                return (at, then);
            }
        }
        return (at, shown);
    }
}

/// <summary>What is known of one person's presence at one instant.</summary>
/// <param name="Id">The person.</param>
/// <param name="At">The instant.</param>
/// <param name="Sequence">Of the last visible change.</param>
/// <param name="Times">Since when, and last seen.</param>
/// <param name="Explanation">The engine's word.</param>
/// <param name="NextAt">When readers see something else; null: not by itself.</param>
/// <param name="Next">What they see then.</param>
public sealed record ExplainedPerson(
    Guid Id,
    Instant At,
    long Sequence,
    PersonTimes Times,
    Explanation Explanation,
    Instant? NextAt,
    Presence? Next
);
