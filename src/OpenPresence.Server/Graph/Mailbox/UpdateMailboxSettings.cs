using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Presences;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Mailbox;

/// <summary>Switches a person's automatic replies on and off; while on, the person is out of office.</summary>
/// <remarks>
/// <para>Route: PATCH /me/mailboxSettings · /users/{id}/mailboxSettings; {id} may be the user principal name</para>
/// <para>Permissions: MailboxSettings.ReadWrite (own); application: MailboxSettings.ReadWrite.</para>
/// <para>Body: automaticRepliesSetting { status (disabled, alwaysEnabled, scheduled), scheduledStartDateTime and
/// scheduledEndDateTime { dateTime, timeZone }, internalReplyMessage, which presence shows as it is;
/// externalAudience and externalReplyMessage are read and not kept: the answer says none }. What is left out stays as it was.</para>
/// <para>Answers: 200 the setting as it is kept; 400 naming each member at fault; 401; 403; 404; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/user-update-mailboxsettings</para>
/// </remarks>
public static class UpdateMailboxSettings
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            // Read here and replaced as a whole: of two at the same moment the later one wins.
            if (!call.Server.Board.TryReadReplies(call.Caller.TenantId, call.SubjectId, out var current))
            {
                return new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString());
            }
            var replies = AutomaticRepliesBody.Read(body, current, call.Server.Node.State.Clock.Now);
            refusal = body.Refusal ?? await PresenceWrite.ApplyAsync(call, new SetAutomaticReplies(replies));
            if (refusal is null)
            {
                Answer(call, replies);
            }
            return refusal;
        }
    }

    private static void Answer(GraphCall call, AutomaticReplies? replies) =>
        JsonAnswer.Write(
            call,
            MailboxSettingsJson.Context(call),
            json =>
            {
                json.WriteStartObject(MailboxSettingsJson.Replies);
                MailboxSettingsJson.WriteReplies(json, replies, call.Server.Node.State.Clock.Now);
                json.WriteEndObject();
            }
        );
}
