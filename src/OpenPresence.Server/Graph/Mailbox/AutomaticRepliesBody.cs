using System.Text.Json;
using OpenPresence.Engine;

namespace OpenPresence.Server.Graph.Mailbox;

/// <summary>
/// Reads <c>automaticRepliesSetting</c> into what the replies become. As with every PATCH of Graph, what is left
/// out stays as it was; but nothing is kept of replies that are off, so a message needs replies that are on.
/// </summary>
public static class AutomaticRepliesBody
{
    private const string Path = "automaticRepliesSetting";
    private const string Disabled = "disabled";
    private const string AlwaysEnabled = "alwaysEnabled";
    private const string Scheduled = "scheduled";

    private static readonly string[] Statuses = [Disabled, AlwaysEnabled, Scheduled];
    private static readonly string[] Audiences = ["none", "contactsOnly", "all"];

    /// <summary>The replies after the change; null: off.</summary>
    public static AutomaticReplies? Read(ActionBody body, AutomaticReplies? current, Instant now)
    {
        var given = body.Members(Path)[0];
        if (body.Object(given, Path) is not { } setting)
        {
            body.Fault(Path, "The provided [AutomaticRepliesSetting] is required.");
            return null;
        }
        var members = body.Members(
            setting,
            Path,
            "status",
            "scheduledStartDateTime",
            "scheduledEndDateTime",
            "internalReplyMessage",
            "externalReplyMessage",
            "externalAudience"
        );
        var status = Word(body, members[0], "status", Statuses);
        var startAt = At(body, members[1], "scheduledStartDateTime");
        var endAt = At(body, members[2], "scheduledEndDateTime");
        var message = Message(body, members[3], current);
        body.Text(members[4], $"{Path}.externalReplyMessage");
        Word(body, members[5], "externalAudience", Audiences);
        switch (status ?? StatusOf(current))
        {
            case AlwaysEnabled:
                return new AutomaticReplies(null, null, message);
            case Scheduled:
                var scheduled = new AutomaticReplies(startAt ?? current?.StartAt, endAt ?? current?.EndAt, message);
                if (status is not null)
                {
                    Require(body, scheduled.StartAt, "scheduledStartDateTime", members[1]);
                    Require(body, scheduled.EndAt, "scheduledEndDateTime", members[2]);
                }
                CheckSchedule(body, scheduled, now);
                return scheduled;
            default:
                if (status is null && message is not null)
                {
                    body.Fault(
                        $"{Path}.status",
                        "The provided [Status] is required: a message is kept only while automatic replies are on."
                    );
                }
                return null;
        }
    }

    private static string StatusOf(AutomaticReplies? replies) =>
        replies is null ? Disabled
        : replies is { StartAt: null, EndAt: null } ? AlwaysEnabled
        : Scheduled;

    private static string? Word(ActionBody body, JsonElement? value, string name, string[] words)
    {
        var text = body.Text(value, $"{Path}.{name}");
        if (text is null)
        {
            return null;
        }
        var word = Array.Find(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (word is null)
        {
            body.Fault(
                $"{Path}.{name}",
                $"The provided [{ActionBody.Pascal(name)}] must be one of: {string.Join(", ", words)}."
            );
        }
        return word;
    }

    private static Instant? At(ActionBody body, JsonElement? value, string name) =>
        body.Object(value, $"{Path}.{name}") is { } given
            ? DateTimeTimeZoneBody.Read(body, given, $"{Path}.{name}")
            : null;

    private static string? Message(ActionBody body, JsonElement? value, AutomaticReplies? current)
    {
        if (value is null)
        {
            return current?.Message;
        }
        var message = body.Text(value, $"{Path}.internalReplyMessage");
        if (message?.Length > EngineLimits.AutomaticReplyCharactersMax)
        {
            body.Fault(
                $"{Path}.internalReplyMessage",
                "The provided [InternalReplyMessage] is longer than "
                    + $"{EngineLimits.AutomaticReplyCharactersMax} characters."
            );
        }
        return message;
    }

    /// <summary>A time that was given, and is wrong, has its fault already.</summary>
    private static void Require(ActionBody body, Instant? at, string name, JsonElement? given)
    {
        if (at is null && given is not { ValueKind: not JsonValueKind.Null })
        {
            body.Fault($"{Path}.{name}", $"The provided [{ActionBody.Pascal(name)}] is required.");
        }
    }

    private static void CheckSchedule(ActionBody body, AutomaticReplies replies, Instant now)
    {
        if (replies.EndAt <= now)
        {
            body.Fault($"{Path}.scheduledEndDateTime", "The provided [ScheduledEndDateTime] is in the past.");
        }
        if (replies.EndAt <= replies.StartAt)
        {
            body.Fault(
                $"{Path}.scheduledEndDateTime",
                "The provided [ScheduledEndDateTime] must be later than [ScheduledStartDateTime]."
            );
        }
    }
}
