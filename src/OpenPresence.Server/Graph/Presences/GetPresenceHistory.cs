using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Reads what a person showed lately, where the server keeps that.</summary>
/// <remarks>
/// <para>Route: GET /users/{id}/presence/history, also under /me/presence and /communications/presences/{id}</para>
/// <para>Permissions: Presence.Read, Presence.Read.All, Presence.ReadWrite (own); application:
/// Presence.ReadWrite.All.</para>
/// <para>Body: none.</para>
/// <para>Answers: 200; 400 an id that is no GUID; 401; 403; 404 no person of that id, or no history is kept here;
/// 429.</para>
/// <para>Source: docs/own-routes.md#history</para>
/// </remarks>
public static class GetPresenceHistory
{
    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        if (call.Server.History is not { } history)
        {
            return new(Off());
        }
        if (!SubjectCheck.Exists(call))
        {
            return new(new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString()));
        }
        var now = call.Server.Node.State.Clock.Now;
        var (entries, since) = history.Of(call.SubjectId, now);
        JsonAnswer.Write(
            call,
            context: null,
            json =>
            {
                json.WriteString("completeSinceDateTime", since.ToString());
                json.WriteStartArray("value");
                foreach (var entry in entries)
                {
                    json.WriteStartObject();
                    json.WriteString("sinceDateTime", entry.At.ToString());
                    json.WriteString("availability", PairNames.Of(entry.Pair.Availability));
                    json.WriteString("activity", PairNames.Of(entry.Pair.Activity));
                    json.WriteString("reason", WordOf(entry.Reason));
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    /// <summary>What is answered where no history is kept.</summary>
    public static Refusal Off() =>
        new(RefusalKind.NotFound, "This server keeps no history; the setting historyEntries would.");

    private static string WordOf(ChangeReason reason) =>
        reason switch
        {
            ChangeReason.Time => "time",
            ChangeReason.Added => "added",
            ChangeReason.Rules => "rules",
            _ => "command",
        };
}
