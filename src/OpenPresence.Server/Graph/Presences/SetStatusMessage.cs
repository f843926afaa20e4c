using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A person sets or clears their status message.</summary>
/// <remarks>
/// <para>Route: POST /users/{id}/presence/setStatusMessage, also under /me/presence and
/// /communications/presences/{id}</para>
/// <para>Permissions: Presence.ReadWrite (own); application: Presence.ReadWrite.All.</para>
/// <para>Body: statusMessage { message { content, contentType: text }, expiryDateTime { dateTime without offset,
/// timeZone by its Windows or IANA name } }. No expiry: it stays. No content: the message is cleared.</para>
/// <para>Answers: 200 empty; 400 naming each member at fault; 401; 403; 404; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-setstatusmessage</para>
/// </remarks>
public static class SetStatusMessage
{
    public static ValueTask<Refusal?> Handle(GraphCall call) => PresenceAction.CarryOutAsync(call, Read);

    private static Engine.SetStatusMessage Read(GraphCall call, ActionBody body)
    {
        var given = body.Members("statusMessage")[0];
        if (given is null)
        {
            RequiredMember.Fault(body, "statusMessage", "null, or an empty message, clears it.");
        }
        if (body.Object(given, "statusMessage") is not { } status)
        {
            return new Engine.SetStatusMessage("", null); // null clears, as an empty message does
        }
        var members = body.Members(status, "statusMessage", "message", "expiryDateTime");
        var expiry = body.Object(members[1], "statusMessage.expiryDateTime");
        return new Engine.SetStatusMessage(
            Content(body, body.Object(members[0], "statusMessage.message")),
            expiry is { } at ? ExpiresAt(call, body, at) : null
        );
    }

    private static string Content(ActionBody body, JsonElement? message)
    {
        if (message is not { } given)
        {
            return "";
        }
        const string path = "statusMessage.message";
        var members = body.Members(given, path, "content", "contentType");
        var type = body.Text(members[1], $"{path}.contentType");
        if (type is not null && !type.Equals("text", StringComparison.OrdinalIgnoreCase))
        {
            body.Fault($"{path}.contentType", "The provided [ContentType] must be text.");
        }
        var content = body.Text(members[0], $"{path}.content") ?? "";
        if (content.Length > EngineLimits.StatusMessageCharactersMax)
        {
            body.Fault(
                $"{path}.content",
                $"The provided [Content] is longer than {EngineLimits.StatusMessageCharactersMax} characters."
            );
        }
        return content;
    }

    private static Instant? ExpiresAt(GraphCall call, ActionBody body, JsonElement expiry)
    {
        const string path = "statusMessage.expiryDateTime";
        var expiresAt = DateTimeTimeZoneBody.Read(body, expiry, path);
        if (expiresAt <= call.Server.Node.State.Clock.Now)
        {
            body.Fault($"{path}.dateTime", "The provided [ExpiryDateTime] is in the past.");
        }
        return expiresAt;
    }
}
