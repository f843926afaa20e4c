using System.Buffers;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>
/// The JSON of any presence, member by member; the plain path that serves people with details and that the
/// templates are checked against. Order of members and null rules: graph-presence.md 2 (R where captured).
/// </summary>
public static class PresenceJson
{
    /// <summary>Writes the members of a presence after its opening brace, and the closing one.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="view">What the board says.</param>
    /// <param name="members">The members to show.</param>
    /// <param name="isOwner">Only the owner sees when a status message was published and expires (D).</param>
    public static void WriteTail(IBufferWriter<byte> target, in PersonView view, PresenceMembers members, bool isOwner)
    {
        var whole = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(whole, JsonAnswer.Options))
        {
            json.WriteStartObject();
            WriteMembers(json, view, members, isOwner);
            json.WriteEndObject();
        }
        target.Write(whole.WrittenSpan[1..]);
    }

    private static void WriteMembers(Utf8JsonWriter json, in PersonView view, PresenceMembers members, bool isOwner)
    {
        var side = view.Side?.Presence;
        var pair = side?.Pair ?? PairNumbers.Pair(view.Entry.Pair);
        if (members.HasFlag(PresenceMembers.Id))
        {
            json.WriteString("id", view.Entry.Id);
        }
        if (members.HasFlag(PresenceMembers.Availability))
        {
            json.WriteString("availability", pair.Availability.ToString());
        }
        if (members.HasFlag(PresenceMembers.Activity))
        {
            json.WriteString("activity", pair.Activity.ToString());
        }
        if (members.HasFlag(PresenceMembers.StatusMessage))
        {
            WriteStatusMessage(json, side?.StatusMessage, isOwner);
        }
        if (members.HasFlag(PresenceMembers.OutOfOfficeSettings))
        {
            json.WriteStartObject("outOfOfficeSettings");
            json.WriteString("message", side?.OutOfOfficeMessage);
            json.WriteBoolean("isOutOfOffice", side?.IsOutOfOffice ?? view.Entry.IsOutOfOffice);
            json.WriteEndObject();
        }
        if (members.HasFlag(PresenceMembers.SequenceNumber))
        {
            json.WriteString("sequenceNumber", Sequence.Text(view.Sequence));
        }
        if (members.HasFlag(PresenceMembers.WorkLocation))
        {
            WriteWorkLocation(json, side?.WorkLocation ?? WorkLocation.None);
        }
    }

    private static void WriteStatusMessage(Utf8JsonWriter json, StatusMessage? status, bool isOwner)
    {
        if (status is null)
        {
            json.WriteNull("statusMessage");
            return;
        }
        json.WriteStartObject("statusMessage");
        json.WriteStartObject("message");
        json.WriteString("content", status.Content);
        json.WriteString("contentType", "text");
        json.WriteEndObject();
        if (isOwner)
        {
            json.WriteString("publishedDateTime", status.PublishedAt.ToString());
            if (status.ExpiresAt is { } expiresAt)
            {
                json.WriteStartObject("expiryDateTime");
                json.WriteString("dateTime", expiresAt.ToString().AsSpan().TrimEnd('Z'));
                json.WriteString("timeZone", "UTC");
                json.WriteEndObject();
            }
        }
        json.WriteEndObject();
    }

    private static void WriteWorkLocation(Utf8JsonWriter json, WorkLocation location)
    {
        json.WriteStartObject("workLocation");
        json.WriteString("placeId", location.PlaceId);
        json.WriteString("source", CamelCase(location.Source.ToString()));
        json.WriteString("workLocationType", CamelCase(location.Type.ToString()));
        json.WriteEndObject();
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
