using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Mailbox;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Users;

/// <summary>Reads one person of the directory.</summary>
/// <remarks>
/// <para>Route: GET /me · /users/{id}; {id} is the object id or the user principal name, also as users('…') and
/// users(userPrincipalName='…')</para>
/// <para>Permissions: User.Read (own), User.ReadBasic.All (the basic profile), User.Read.All and higher;
/// application: User.ReadBasic.All, User.Read.All and higher. $select=mailboxSettings: MailboxSettings.Read as well.</para>
/// <para>Body: none. Query: $select.</para>
/// <para>Answers: 200 the user, with the default properties or those selected; properties that are not kept here
/// read null, relationships are left out; 400 unknown property in $select; 401; 403; 404 no person of that id or name
/// in the caller's tenant;
/// 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/user-get</para>
/// </remarks>
public static class GetUser
{
    private static readonly string[] Supported = ["select"];

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        var refusal = QueryOptions.Parse(call, Supported, out var query);
        refusal ??= UserSelection.Read(query.Select, out _);
        if (refusal is not null)
        {
            return new(refusal);
        }
        UserSelection.Read(query.Select, out var selection);
        if (Find(call) is not { } person)
        {
            return new(new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString()));
        }
        if (selection.ShowsMailboxSettings && MailboxAccess.RefusalOf(call, person.Id) is { } denied)
        {
            return new(denied);
        }
        var isBasicOnly = ProfileAccess.IsBasicOnly(call, person.Id);
        JsonAnswer.Write(
            call,
            $"users{selection.ContextNames}/$entity",
            json =>
            {
                UserJson.Write(json, person, selection, isBasicOnly);
                if (selection.ShowsMailboxSettings)
                {
                    WriteMailboxSettings(json, call);
                }
            }
        );
        return default;
    }

    private static void WriteMailboxSettings(Utf8JsonWriter json, GraphCall call)
    {
        call.Server.Board.TryReadReplies(call.Caller.TenantId, call.SubjectId, out var replies);
        json.WriteStartObject(UserProperties.MailboxSettings);
        MailboxSettingsJson.Write(json, call, replies);
        json.WriteEndObject();
    }

    /// <summary>The person whom the path names; one of whom only the id is known has no names.</summary>
    private static Person? Find(GraphCall call) =>
        call.Server.Directory.TryGetPerson(call.SubjectId, out var person)
            ? person.TenantId == call.Caller.TenantId
                ? person
                : null
            : SubjectCheck.Exists(call)
                ? new Person(call.SubjectId, call.Caller.TenantId, "", "")
                : null;
}
