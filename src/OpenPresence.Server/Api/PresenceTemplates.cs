using System.Text;
using OpenPresence.Server.Board;

namespace OpenPresence.Server.Api;

/// <summary>
/// The JSON of a presence whose only variable parts are the id and the sequence number: all people but
/// those with a status message, a work location or an automatic reply. The text around the holes is
/// made once for each pair, out-of-office flag and set of members, so that an answer is a few copies of bytes
/// that stay in the processor's cache. Fragments kept per person were slower by half and cost memory
/// for everybody; a serializer was slower by a fifth (docs/performance.md).
/// </summary>
public sealed class PresenceTemplates
{
    private const char IdHole = '\u0001';
    private const char SequenceHole = '\u0002';

    private static readonly PresenceTemplates?[] ByMembers = new PresenceTemplates?[
        (int)PresenceMembers.All + 1
    ];

    private readonly PresenceMembers members;
    private readonly PresenceTemplate?[] templates = new PresenceTemplate?[PairNumbers.Count * 2];

    private PresenceTemplates(PresenceMembers members) => this.members = members;

    /// <summary>The templates of answers with these members.</summary>
    public static PresenceTemplates Of(PresenceMembers members) =>
        // Racers make equal ones; the last stays.
        ByMembers[(int)members] ??= new PresenceTemplates(members);

    /// <summary>The template for what an index entry says.</summary>
    public PresenceTemplate For(in PersonEntry entry)
    {
        var number = entry.Pair * 2 + (int)(entry.Flags & PersonFlags.OutOfOffice);
        return templates[number] ??= Make(entry);
    }

    private PresenceTemplate Make(in PersonEntry entry)
    {
        var pair = PairNumbers.Pair(entry.Pair);
        var text = new StringBuilder();
        Append(PresenceMembers.Id, $"\"id\":\"{IdHole}\"");
        Append(PresenceMembers.Availability, $"\"availability\":\"{pair.Availability}\"");
        Append(PresenceMembers.Activity, $"\"activity\":\"{pair.Activity}\"");
        Append(PresenceMembers.StatusMessage, "\"statusMessage\":null");
        var isOut = entry.Flags.HasFlag(PersonFlags.OutOfOffice) ? "true" : "false";
        Append(
            PresenceMembers.OutOfOfficeSettings,
            $$"""
            "outOfOfficeSettings":{"message":null,"isOutOfOffice":{{isOut}}}
            """
        );
        Append(PresenceMembers.SequenceNumber, $"\"sequenceNumber\":\"{SequenceHole}\"");
        Append(
            PresenceMembers.WorkLocation,
            """
            "workLocation":{"placeId":null,"source":"none","workLocationType":"unspecified"}
            """
        );
        text.Append('}');
        return PresenceTemplate.Split(text.ToString(), IdHole, SequenceHole);

        void Append(PresenceMembers member, string json)
        {
            if ((members & member) != PresenceMembers.None)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(json);
            }
        }
    }
}

/// <summary>The bytes around the holes of one template; a presence without its opening brace.</summary>
public sealed class PresenceTemplate
{
    private const int IdBytes = 36;

    private readonly byte[] head;
    private readonly byte[] middle;
    private readonly byte[] tail;
    private readonly bool hasId;
    private readonly bool hasSequence;

    private PresenceTemplate(byte[] head, byte[] middle, byte[] tail, bool hasId, bool hasSequence)
    {
        (this.head, this.middle, this.tail) = (head, middle, tail);
        (this.hasId, this.hasSequence) = (hasId, hasSequence);
        Length =
            head.Length
            + middle.Length
            + tail.Length
            + (hasId ? IdBytes : 0)
            + (hasSequence ? Sequence.TextBytes : 0);
    }

    /// <summary>Bytes of the whole, holes filled.</summary>
    public int Length { get; }

    /// <summary>Writes the whole and returns <see cref="Length"/>.</summary>
    public int Write(Span<byte> target, in PersonEntry entry)
    {
        head.CopyTo(target);
        var at = head.Length;
        if (hasId)
        {
            entry.Id.TryFormat(target[at..], out _);
            at += IdBytes;
        }
        middle.CopyTo(target[at..]);
        at += middle.Length;
        if (hasSequence)
        {
            Sequence.Write(entry.Sequence, target.Slice(at, Sequence.TextBytes));
            at += Sequence.TextBytes;
        }
        tail.CopyTo(target[at..]);
        return Length;
    }

    internal static PresenceTemplate Split(string text, char idHole, char sequenceHole)
    {
        var id = text.IndexOf(idHole);
        var sequence = text.IndexOf(sequenceHole);
        var middleFrom = id + 1; // 0 when there is no id
        var tailFrom = sequence < 0 ? text.Length : sequence + 1;
        var middleTo = sequence < 0 ? text.Length : sequence;
        return new PresenceTemplate(
            Encoding.UTF8.GetBytes(text[..Math.Max(id, 0)]),
            Encoding.UTF8.GetBytes(text[middleFrom..middleTo]),
            Encoding.UTF8.GetBytes(text[tailFrom..]),
            id >= 0,
            sequence >= 0
        );
    }
}
