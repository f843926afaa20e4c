using System.Text;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Presences;

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

    private static readonly PresenceTemplates?[] ByMembers = new PresenceTemplates?[(int)PresenceMembers.All + 1];

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
        var isOut = entry.IsOutOfOffice ? "true" : "false";
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
        return PresenceTemplate.WithHoles(text.ToString(), IdHole, SequenceHole);

        void Append(PresenceMembers member, string json)
        {
            if ((members & member) != PresenceMembers.None)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(json);
            }
        }
    }
}

/// <summary>
/// The bytes of one template, a presence without its opening brace. The whole text is copied, holes and
/// all, and the holes are written over: one copy of known length costs a third of five short ones.
/// </summary>
public sealed class PresenceTemplate
{
    private const int None = -1;

    private readonly byte[] text;
    private readonly int idAt;
    private readonly int sequenceAt;

    private PresenceTemplate(byte[] text, int idAt, int sequenceAt) =>
        (this.text, this.idAt, this.sequenceAt) = (text, idAt, sequenceAt);

    /// <summary>Bytes of the whole, holes filled.</summary>
    public int Length => text.Length;

    /// <summary>Writes the whole and returns <see cref="Length"/>.</summary>
    public int Write(Span<byte> target, in PersonEntry entry)
    {
        text.CopyTo(target);
        if (idAt != None)
        {
            GuidText.Write(entry.Id, target[idAt..]);
        }
        if (sequenceAt != None)
        {
            Sequence.Write(entry.Sequence, target.Slice(sequenceAt, Sequence.TextBytes));
        }
        return text.Length;
    }

    /// <summary>Makes a template of a text with a character in place of each hole.</summary>
    internal static PresenceTemplate WithHoles(string text, char idHole, char sequenceHole)
    {
        var idFrom = text.IndexOf(idHole);
        text = text.Replace(idHole.ToString(), new string('0', GuidText.Length));
        var sequenceFrom = text.IndexOf(sequenceHole);
        text = text.Replace(sequenceHole.ToString(), new string('0', Sequence.TextBytes));
        return new PresenceTemplate(Encoding.UTF8.GetBytes(text), idFrom, sequenceFrom);
    }
}
