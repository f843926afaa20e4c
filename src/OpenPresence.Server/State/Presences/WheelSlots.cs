using System.Numerics;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Slots of a <see cref="DeadlineWheel"/>: each the head of a list of rows, and a bit that says whether there
/// is one, so that the next slot in use is found by looking at bits and never at rows.
/// </summary>
/// <param name="count">How many; a multiple of 4,096.</param>
/// <param name="links">The rows' links; a row hangs in one list at a time.</param>
internal sealed class WheelSlots(uint count, WheelLinks links)
{
    private const int WordBits = 64;

    private readonly int[] heads = new int[count]; // of a slot whose bit is set
    private readonly ulong[] used = new ulong[count / WordBits];
    private readonly ulong[] usedWords = new ulong[count / WordBits / WordBits];

    public bool IsEmpty(uint slot) => (used[slot / WordBits] >> (int)(slot % WordBits) & 1) == 0;

    /// <summary>The first row of a slot that is not empty.</summary>
    public int Head(uint slot) => heads[slot];

    public void Add(uint slot, int row)
    {
        ref var link = ref links[row];
        link.BeginSlot(slot);
        if (IsEmpty(slot))
        {
            link.End();
            used[slot / WordBits] |= 1ul << (int)(slot % WordBits);
            var word = slot / WordBits;
            usedWords[word / WordBits] |= 1ul << (int)(word % WordBits);
        }
        else
        {
            link.Precede(heads[slot]);
            links[heads[slot]].Follow(row);
        }
        heads[slot] = row;
    }

    /// <summary>Removes a row from the list in which it stands.</summary>
    public void Remove(int row)
    {
        ref var link = ref links[row];
        if (!link.IsFirst)
        {
            Join(link.Previous, link);
        }
        else if (link.IsLast)
        {
            Clear(link.Slot);
        }
        else
        {
            heads[link.Slot] = link.Next;
            links[link.Next].BeginSlot(link.Slot);
        }
        link.Disarm();
    }

    /// <summary>Adds the rows of a slot to a list.</summary>
    public void CopyTo(List<int> rows, uint slot)
    {
        if (IsEmpty(slot))
        {
            return;
        }
        var row = heads[slot];
        rows.Add(row);
        while (!links[row].IsLast)
        {
            row = links[row].Next;
            rows.Add(row);
        }
    }

    /// <summary>How far behind a slot the first one in use is, among so many; null: none of them is.</summary>
    public uint? FirstIn(uint slot, uint among)
    {
        var end = slot + among;
        for (var at = slot; at < end; )
        {
            var word = used[at / WordBits] >> (int)(at % WordBits);
            if (word != 0)
            {
                at += (uint)BitOperations.TrailingZeroCount(word);
                return at < end ? at - slot : null;
            }
            at = NextWordInUse(at / WordBits + 1) * WordBits;
        }
        return null;
    }

    private void Join(int previous, in WheelLinks.Link removed)
    {
        if (removed.IsLast)
        {
            links[previous].End();
        }
        else
        {
            links[previous].Precede(removed.Next);
            links[removed.Next].Follow(previous);
        }
    }

    private uint NextWordInUse(uint word)
    {
        while (word < used.Length)
        {
            var words = usedWords[word / WordBits] >> (int)(word % WordBits);
            if (words != 0)
            {
                return word + (uint)BitOperations.TrailingZeroCount(words);
            }
            word = (word / WordBits + 1) * WordBits;
        }
        return word;
    }

    private void Clear(uint slot)
    {
        var word = slot / WordBits;
        used[word] &= ~(1ul << (int)(slot % WordBits));
        if (used[word] == 0)
        {
            usedWords[word / WordBits] &= ~(1ul << (int)(word % WordBits));
        }
    }
}
