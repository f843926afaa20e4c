using OpenPresence.Server.Calendar;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A person's calendar is replaced by an iCalendar text; its meetings and absences show by themselves.</summary>
/// <remarks>
/// <para>Route: PUT /users/{id}/presence/calendar, also under /me/presence and /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: text/calendar (RFC 5545) in UTF-8, 1 MiB and 5,000 events at most. Recurrences are expanded for 60
/// days; sending it again carries them on.</para>
/// <para>Answers: 200 { events, spans, expandedUntilDateTime }; 400 naming each line at fault; 401; 403, also when
/// there are more spans than a person may have; 404 no person of that id; 413; 415 another content type; 429;
/// 503.</para>
/// <para>Source: docs/own-routes.md#calendar</para>
/// </remarks>
public static class SetCalendar
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        using var body = await BodyReader.ReadAsync(call.Http.Request, call.Http.RequestAborted, "text/calendar");
        if (body.Refusal is not null)
        {
            return body.Refusal;
        }
        var read = CalendarImport.Read(
            body.Bytes,
            TimeZones.OfPerson(call.Server.Directory, call.SubjectId),
            call.Server.Node.State.Clock.Now
        );
        if (read.Refusal is not null)
        {
            return read.Refusal;
        }
        var command = new Engine.SetCalendar(read.Spans);
        if (await PresenceWrite.ApplyAsync(call, command) is { } refusal)
        {
            return refusal;
        }
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteNumber("events", read.Events);
                json.WriteNumber("spans", read.Spans.Length);
                json.WriteString("expandedUntilDateTime", read.Until.ToString());
            }
        );
        return null;
    }
}
