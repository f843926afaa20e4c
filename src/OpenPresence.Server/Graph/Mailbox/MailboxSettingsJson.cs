using System.Text.Json;
using OpenPresence.Engine;

namespace OpenPresence.Server.Graph.Mailbox;

/// <summary>
/// What is known of a mailbox's settings as Graph shows them. This server sends no mail, so it keeps of the
/// automatic replies what presence shows: when they are on, and the internal message. Every member is there all the
/// same, as clients expect it (the O365 library stops at a gap): the audience outside is none, because nobody there is
/// answered.
/// </summary>
public static class MailboxSettingsJson
{
    /// <summary>The property, as a member of a user or in an answer of its own.</summary>
    public const string Replies = "automaticRepliesSetting";

    /// <summary>The other one that is kept.</summary>
    public const string TimeZone = "timeZone";

    /// <summary>How long a schedule takes that does not say.</summary>
    private static readonly TimeSpan ScheduleLength = TimeSpan.FromDays(1);

    /// <summary>Writes the settings that are kept.</summary>
    public static void Write(Utf8JsonWriter json, GraphCall call, AutomaticReplies? replies)
    {
        json.WriteStartObject(Replies);
        WriteReplies(json, replies, call.Server.Node.State.Clock.Now);
        json.WriteEndObject();
        json.WriteString(TimeZone, ZoneOf(call));
    }

    /// <summary>The time zone of the person whom the path names.</summary>
    public static string ZoneOf(GraphCall call) =>
        call.Server.Directory.TryGetPerson(call.SubjectId, out var person) ? person.TimeZone : "UTC";

    /// <summary>Writes the members of <c>automaticRepliesSetting</c>.</summary>
    public static void WriteReplies(Utf8JsonWriter json, AutomaticReplies? replies, Instant now)
    {
        json.WriteString(
            "status",
            replies is null ? "disabled"
                : replies is { StartAt: null, EndAt: null } ? "alwaysEnabled"
                : "scheduled"
        );
        json.WriteString("externalAudience", "none");
        var startAt = replies?.StartAt ?? replies?.EndAt - ScheduleLength ?? HourOf(now);
        WriteInstant(json, "scheduledStartDateTime", startAt);
        WriteInstant(json, "scheduledEndDateTime", replies?.EndAt ?? startAt + ScheduleLength);
        json.WriteString("internalReplyMessage", replies?.Message ?? "");
        json.WriteString("externalReplyMessage", "");
    }

    /// <summary>A mailbox without a schedule shows the day from the hour that it is (a capture of the real one, R).</summary>
    private static Instant HourOf(Instant now) => new(now.Ticks - now.Ticks % TimeSpan.TicksPerHour);

    /// <summary>The context of a person's settings, or of one of them.</summary>
    public static string Context(GraphCall call, string member = "") =>
        $"users('{call.SubjectId}')/mailboxSettings{member}";

    private static void WriteInstant(Utf8JsonWriter json, string name, Instant at)
    {
        json.WriteStartObject(name);
        json.WriteString("dateTime", at.ToString().AsSpan().TrimEnd('Z'));
        json.WriteString("timeZone", "UTC");
        json.WriteEndObject();
    }
}
