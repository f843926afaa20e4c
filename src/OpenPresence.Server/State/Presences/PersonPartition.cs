using System.Runtime.CompilerServices;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// One of the tables that make up a <see cref="PersonIndex"/>: slots in lines of two, lines in pages.
/// Linear probing from the first slot of the line that the hash names; an empty slot ends a search.
/// All but <see cref="Probe"/> is for the one writer.
/// </summary>
internal unsafe struct PersonPartition
{
    public const int LineBytes = 64;
    private const int EntryBytes = 32;
    private const int LineSlots = LineBytes / EntryBytes;
    private const uint PageLines = PersonIndexPages.PageBytes / LineBytes;
    private const int PageSlots = PersonIndexPages.PageBytes / EntryBytes;

    /// <summary>Of a page's 128 slots, how many may be taken on average: more makes long searches.</summary>
    private const int PageEntriesMax = PageSlots * 3 / 4;

    /// <summary>Growing by an eighth keeps the table at least two thirds as full as it may be.</summary>
    private const int GrowthDivisor = 8;

    /// <summary>The addresses of the pages; replaced as a whole, never changed.</summary>
    public nint[] Pages;

    /// <summary>Odd while the writer changes what readers see.</summary>
    public ulong Version;

    private int count;
    private int countMax;

    /// <summary>The number of the line where a search for <paramref name="hash"/> begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HomeLine(ulong hash, nint[] pages) =>
        (uint)(((hash >> 32) * ((ulong)pages.Length * PageLines)) >> 32);

    /// <summary>Where that line stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PersonEntry* Line(nint[] pages, uint line) =>
        (PersonEntry*)(pages[line / PageLines] + (nint)(line % PageLines * LineBytes));

    /// <summary>
    /// The slot that holds <paramref name="id"/>, or the empty one where it would go. Null only if the
    /// writer was at work meanwhile and the pages hold something else by now.
    /// </summary>
    public static PersonEntry* Probe(nint[] pages, ulong hash, in Guid id)
    {
        uint lines = (uint)pages.Length * PageLines;
        uint line = HomeLine(hash, pages);
        for (uint seen = 0; seen < lines; seen++)
        {
            PersonEntry* slot = Line(pages, line);
            if (slot[0].Id == id || slot[0].Id == Guid.Empty)
            {
                return slot;
            }

            if (slot[1].Id == id || slot[1].Id == Guid.Empty)
            {
                return slot + 1;
            }

            line = line + 1 == lines ? 0 : line + 1;
        }

        return null;
    }

    /// <summary>Puts an entry of an id that no person has into the free slot that a search found.</summary>
    public void Add(PersonEntry* free, in PersonEntry entry, in PersonHash hash, PersonIndexPages memory)
    {
        if (count == countMax)
        {
            int pages = Pages.Length;
            Rebuild(countMax == 0 ? 1 : pages + Math.Max(1, pages / GrowthDivisor), hash, memory);
            free = Probe(Pages, hash.Of(entry.Id), entry.Id);
        }

        Write(free, entry);
        count++;
    }

    /// <summary>Overwrites a slot.</summary>
    public void Write(PersonEntry* slot, in PersonEntry entry)
    {
        Enter();
        *slot = entry;
        Leave();
    }

    /// <summary>
    /// Empties a slot. Entries that a search would no longer reach move up into the hole, which moves on
    /// until an empty slot ends the run: no tombstones, which would make every later search longer.
    /// </summary>
    public void Remove(PersonEntry* slot, in PersonHash hash)
    {
        int capacity = Pages.Length * PageSlots;
        int hole = NumberOf(slot);
        int at = hole;
        Enter();
        while (true)
        {
            at = at + 1 == capacity ? 0 : at + 1;
            PersonEntry* entry = Slot(at);
            if (entry->Id == Guid.Empty)
            {
                break;
            }

            int home = (int)HomeLine(hash.Of(entry->Id), Pages) * LineSlots;
            if (Distance(home, at, capacity) >= Distance(hole, at, capacity))
            {
                *Slot(hole) = *entry;
                hole = at;
            }
        }

        *Slot(hole) = default;
        Leave();
        count--;
    }

    /// <summary>Makes room for so many entries in all.</summary>
    public void Reserve(int entries, in PersonHash hash, PersonIndexPages memory)
    {
        if (entries > countMax)
        {
            Rebuild((entries + PageEntriesMax - 1) / PageEntriesMax, hash, memory);
        }
    }

    /// <summary>Builds the larger table beside the one that readers use, then swaps.</summary>
    private void Rebuild(int pageCount, in PersonHash hash, PersonIndexPages memory)
    {
        nint[] old = Pages;
        bool first = countMax == 0;
        var pages = new nint[pageCount];
        foreach (ref nint page in pages.AsSpan())
        {
            page = memory.Rent();
        }

        for (int at = 0; at < old.Length * PageSlots; at++)
        {
            PersonEntry* entry = Slot(at);
            if (entry->Id != Guid.Empty)
            {
                *Probe(pages, hash.Of(entry->Id), entry->Id) = *entry;
            }
        }

        Enter();
        Pages = pages;
        Leave();
        countMax = pages.Length * PageEntriesMax;
        if (!first)
        {
            Array.ForEach(old, memory.Return);
        }
    }

    private readonly PersonEntry* Slot(int number) => (PersonEntry*)Pages[number / PageSlots] + (number % PageSlots);

    private readonly int NumberOf(PersonEntry* slot)
    {
        nint page = (nint)slot & ~(nint)(PersonIndexPages.PageBytes - 1);
        return (Array.IndexOf(Pages, page) * PageSlots) + (int)(((nint)slot - page) / EntryBytes);
    }

    private static int Distance(int from, int to, int capacity) => to >= from ? to - from : to - from + capacity;

    private void Enter()
    {
        Volatile.Write(ref Version, Version + 1);
        Volatile.WriteBarrier();
    }

    private void Leave() => Volatile.Write(ref Version, Version + 1);
}
