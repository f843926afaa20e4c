using System.Buffers;
using System.Text;
using OpenPresence.Server.Graph.Presences;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Streaming;

/// <summary>
/// One change as streams tell it. Made once and shared by all streams that tell it: its bytes are written when
/// the first of them needs them.
/// </summary>
/// <param name="number">The change's number in the feed.</param>
/// <param name="place">Its place in the order.</param>
/// <param name="personId">Whose presence.</param>
/// <param name="view">What is seen now; null: the person was removed.</param>
public sealed class LiveEvent(long number, LivePlace place, Guid personId, PersonView? view)
{
    private byte[]? global;
    private byte[]? government;

    /// <summary>The change's number in the feed.</summary>
    public long Number => number;

    /// <summary>The change's place in the order.</summary>
    public LivePlace Place => place;

    /// <summary>
    /// The event of a change; null when a later change of the same person follows in the feed, which will tell what is
    /// seen by then. (The board is never behind the feed, but may be ahead of it.)
    /// </summary>
    public static LiveEvent? Of(PresenceBoard board, in Change change, long number, LivePlace place)
    {
        var isKnown = board.TryRead(change.Tenant, change.PersonId, out var view);
        var isRemoval = change.Reason == ChangeReason.Removed;
        return isKnown == isRemoval || (isKnown && view.Sequence != change.Sequence)
            ? null
            : new LiveEvent(number, place, change.PersonId, isKnown ? view : null);
    }

    /// <summary>The event in the schema of a cloud, with its id.</summary>
    public byte[] Bytes(PresenceMembers schema)
    {
        ref var kept = ref (schema == PresenceMembers.All ? ref global : ref government);
        return kept ??= Write(schema);
    }

    private byte[] Write(PresenceMembers schema)
    {
        var text = new ArrayBufferWriter<byte>(512);
        LiveText.Id(text, place);
        if (view is { } seen)
        {
            LiveText.Presence(text, seen, schema);
        }
        else
        {
            LiveText.Removed(text, personId);
        }
        return text.WrittenSpan.ToArray();
    }
}

/// <summary>The lines of server-sent events (WHATWG HTML, 9.2), in UTF-8.</summary>
public static class LiveText
{
    /// <summary>The first line of a stream, and how long browsers wait before they connect again.</summary>
    public static readonly byte[] Opening = Encoding.ASCII.GetBytes(
        $": OpenPresence live presences\nretry: {LiveLimits.RetryMilliseconds}\n\n"
    );

    /// <summary>The id of the event that follows.</summary>
    public static void Id(IBufferWriter<byte> text, LivePlace place) => Encoding.ASCII.GetBytes($"id: {place}\n", text);

    /// <summary>An id alone: browsers remember it, and nothing is told.</summary>
    public static void Mark(IBufferWriter<byte> text, LivePlace place) =>
        Encoding.ASCII.GetBytes($":\nid: {place}\n\n", text);

    /// <summary>A comment alone.</summary>
    public static void Beat(IBufferWriter<byte> text) => text.Write(":\n\n"u8);

    /// <summary>What is seen of a person, as an element of Graph's lists.</summary>
    public static void Presence(IBufferWriter<byte> text, in PersonView view, PresenceMembers schema)
    {
        text.Write("event: presence\ndata: {"u8);
        if (view.Side is null)
        {
            var template = PresenceTemplates.Of(schema).For(view.Entry);
            text.Advance(template.Write(text.GetSpan(template.Length), view.Entry));
        }
        else
        {
            PresenceJson.WriteTail(text, view, schema, isOwner: false);
        }
        text.Write("\n\n"u8);
    }

    /// <summary>A person who is asked for and unknown, as a bulk read shows them.</summary>
    public static void Unknown(IBufferWriter<byte> text, Guid id, PresenceMembers schema) =>
        Presence(text, new PersonView(new PersonEntry(id, 0, 0, 0, PersonFlags.None, 0), null), schema);

    /// <summary>A person is no longer there.</summary>
    public static void Removed(IBufferWriter<byte> text, Guid id) =>
        Encoding.ASCII.GetBytes($"event: removed\ndata: {{\"id\":\"{id}\"}}\n\n", text);

    /// <summary>The whole present state has been told; from here on changes.</summary>
    public static void Ready(IBufferWriter<byte> text, LivePlace place)
    {
        Id(text, place);
        text.Write("event: ready\ndata: {}\n\n"u8);
    }

    /// <summary>Changes were passed over; whoever changed follows as they are now.</summary>
    public static void Resync(IBufferWriter<byte> text) => text.Write("event: resync\ndata: {}\n\n"u8);

    /// <summary>The last event of a stream that the server ends.</summary>
    public static void End(IBufferWriter<byte> text, LiveEnd end) =>
        Encoding.ASCII.GetBytes(
            $"event: end\ndata: {{\"code\":\"{end.Code}\",\"message\":\"{end.Message}\"}}\n\n",
            text
        );
}

/// <summary>Why the server ends a stream.</summary>
/// <param name="Code">A word that a program can match.</param>
/// <param name="Message">A sentence for a person.</param>
public sealed record LiveEnd(string Code, string Message)
{
    public static readonly LiveEnd TokenExpired = new(
        "tokenExpired",
        "The token that opened the stream has expired: connect again with a new one."
    );

    public static readonly LiveEnd TokenRevoked = new(
        "tokenRevoked",
        "The token that opened the stream is no longer good."
    );

    public static readonly LiveEnd Stopping = new("serverStopping", "The server is stopping: connect again.");

    /// <summary>The client left, or took nothing for too long; nobody is told.</summary>
    public static readonly LiveEnd Gone = new("gone", "");
}
