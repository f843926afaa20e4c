using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Mailbox;

/// <summary>Reads what is known of a person's mailbox settings: automatic replies and the time zone.</summary>
/// <remarks>
/// <para>Route: GET /me/mailboxSettings · /users/{id}/mailboxSettings, and below them automaticRepliesSetting and
/// timeZone; {id} may be the user principal name</para>
/// <para>Permissions: MailboxSettings.Read, MailboxSettings.ReadWrite (own); application: the same (anyone).</para>
/// <para>Body: none. Query: $select.</para>
/// <para>Answers: 200, without the settings that are not kept here; 400 unknown member in $select; 401; 403; 404
/// nobody of that id in the caller's tenant; 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/user-get-mailboxsettings</para>
/// </remarks>
public static class GetMailboxSettings
{
    private const string Replies = MailboxSettingsJson.Replies;
    private const string TimeZone = MailboxSettingsJson.TimeZone;

    private static readonly string[] Supported = ["select"];

    /// <summary>The members of Graph's type; those beside the first two are not kept.</summary>
    private static readonly string[] Members =
    [
        Replies,
        TimeZone,
        "archiveFolder",
        "dateFormat",
        "delegateMeetingMessageDeliveryOptions",
        "language",
        "timeFormat",
        "userPurpose",
        "workingHours",
    ];

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        var refusal = QueryOptions.Parse(call, Supported, out var query);
        var selected = Members;
        refusal ??= query.Select is null ? null : Select(query.Select, out selected);
        return refusal is not null
            ? new(refusal)
            : Answer(
                call,
                "",
                (json, replies) =>
                {
                    if (selected.Contains(Replies, StringComparer.OrdinalIgnoreCase))
                    {
                        json.WriteStartObject(Replies);
                        MailboxSettingsJson.WriteReplies(json, replies, call.Server.Node.State.Clock.Now);
                        json.WriteEndObject();
                    }
                    if (selected.Contains(TimeZone, StringComparer.OrdinalIgnoreCase))
                    {
                        json.WriteString(TimeZone, MailboxSettingsJson.ZoneOf(call));
                    }
                }
            );
    }

    public static ValueTask<Refusal?> HandleReplies(GraphCall call) =>
        Answer(
            call,
            $"/{Replies}",
            (json, replies) => MailboxSettingsJson.WriteReplies(json, replies, call.Server.Node.State.Clock.Now)
        );

    public static ValueTask<Refusal?> HandleTimeZone(GraphCall call) =>
        Answer(call, $"/{TimeZone}", (json, _) => json.WriteString("value", MailboxSettingsJson.ZoneOf(call)));

    private static ValueTask<Refusal?> Answer(
        GraphCall call,
        string member,
        Action<Utf8JsonWriter, AutomaticReplies?> write
    )
    {
        if (!call.Server.Board.TryReadReplies(call.Caller.TenantId, call.SubjectId, out var replies))
        {
            return new(new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString()));
        }
        JsonAnswer.Write(call, MailboxSettingsJson.Context(call, member), json => write(json, replies));
        return default;
    }

    private static Refusal? Select(string select, out string[] selected)
    {
        selected = select.Split(',', StringSplitOptions.TrimEntries);
        var unknown = selected.FirstOrDefault(name => !Members.Contains(name, StringComparer.OrdinalIgnoreCase));
        return unknown is null
            ? null
            : new Refusal(
                RefusalKind.BadRequest,
                $"Could not find a property named '{unknown}' on type 'microsoft.graph.mailboxSettings'."
            )
            {
                Target = "$select",
                Details = [new("allowedValues", string.Join(", ", Members))],
            };
    }
}
