using System.Text.Json;
using OpenPresence.Engine;

namespace OpenPresence.Server.Graph.Mailbox;

/// <summary>
/// What is known of a mailbox's settings as Graph shows them. This server sends no mail, so it keeps of the
/// automatic replies what presence shows: when they are on, and the internal message. The rest is not
/// shown at all; a made-up audience or message would be the tempting wrong answer.
/// </summary>
public static class MailboxSettingsJson
{
    /// <summary>Writes the members of <c>automaticRepliesSetting</c>.</summary>
    public static void WriteReplies(Utf8JsonWriter json, AutomaticReplies? replies)
    {
        json.WriteString(
            "status",
            replies is null ? "disabled"
                : replies is { StartAt: null, EndAt: null } ? "alwaysEnabled"
                : "scheduled"
        );
        WriteInstant(json, "scheduledStartDateTime", replies?.StartAt);
        WriteInstant(json, "scheduledEndDateTime", replies?.EndAt);
        if (replies is not null)
        {
            json.WriteString("internalReplyMessage", replies.Message);
        }
    }

    /// <summary>The context of a person's settings, or of one of them.</summary>
    public static string Context(GraphCall call, string member = "") =>
        $"users('{call.SubjectId}')/mailboxSettings{member}";

    private static void WriteInstant(Utf8JsonWriter json, string name, Instant? at)
    {
        if (at is { } known)
        {
            json.WriteStartObject(name);
            json.WriteString("dateTime", known.ToString().AsSpan().TrimEnd('Z'));
            json.WriteString("timeZone", "UTC");
            json.WriteEndObject();
        }
    }
}
