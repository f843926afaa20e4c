using System.Diagnostics;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// From a person's id to the person's entry: one writer, any number of readers without locks.
///
/// What a lookup costs is cache misses, so that is what this saves. An entry carries what a read of many
/// needs (pair, flags, tenant, sequence), so that one miss answers. Two entries fill a cache line; an
/// id's hash names a line, and what finds no room there stands in one of the next. At the load kept
/// here, 2/3 to 3/4, most ids stand in their first line, and a person costs 43 to 48 bytes.
/// <see cref="FindMany"/> asks the memory for the lines of many ids before it looks at the first
/// (<see cref="PersonBatch"/>).
///
/// The table is 256 partitions by hash, each a list of 4 KB pages. A full partition is rebuilt an eighth
/// larger beside the old one and swapped in: no pause longer than one partition, and at most one
/// partition of memory in excess.
///
/// A reader must never see half an entry, nor miss one that is being moved. So each partition has a
/// version, odd while the writer is inside: a reader copies the entry, then looks whether the version is
/// still the even one it began with, and otherwise begins again. The tempting shortcut, to trust aligned
/// 16-byte stores, would not cover entries that move. A writer is inside for tens of nanoseconds;
/// rebuilding happens outside.
///
/// Ids may be chosen by an attacker, so the hash is keyed at random. Hence the order of entries differs
/// from node to node: nothing may depend on it, and there is no enumeration.
/// </summary>
public sealed unsafe class PersonIndex
{
    private const int PartitionCount = 256;

    private readonly PersonIndexPages memory = new();
    private readonly PersonPartition[] partitions = new PersonPartition[PartitionCount];
    private readonly PersonHash hash;

    /// <summary>An empty index, keyed at random.</summary>
    public PersonIndex()
        : this(PersonHash.Random()) { }

    internal PersonIndex(PersonHash hash)
    {
        Debug.Assert(sizeof(PersonEntry) * 2 == PersonPartition.LineBytes);
        this.hash = hash;
        nint[] empty = [memory.Rent()];
        foreach (ref PersonPartition partition in partitions.AsSpan())
        {
            partition.Pages = empty;
        }
    }

    /// <summary>How many people there are. Exact for the writer.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the table, the room to grow included.</summary>
    public long Bytes => (long)memory.PagesInUse * PersonIndexPages.PageBytes;

    internal PersonPartition[] Partitions => partitions;

    internal PersonHash Hash => hash;

    /// <summary>A consistent copy of the entry of <paramref name="id"/>, if there is one.</summary>
    public bool TryFind(in Guid id, out PersonEntry entry)
    {
        ulong hashed = hash.Of(id);
        ref PersonPartition partition = ref partitions[(byte)hashed];
        var spin = new SpinWait();
        while (true)
        {
            ulong version = Volatile.Read(ref partition.Version);
            if ((version & 1) == 0)
            {
                PersonEntry* slot = PersonPartition.Probe(partition.Pages, hashed, id);
                entry = slot == null ? default : *slot;
                Volatile.ReadBarrier();
                if (partition.Version == version)
                {
                    return entry.Id != Guid.Empty;
                }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>
    /// Copies of the entries of <paramref name="ids"/>, each at its id's place in
    /// <paramref name="found"/>; where an entry's id is empty, no person has that id.
    /// </summary>
    public void FindMany(ReadOnlySpan<Guid> ids, Span<PersonEntry> found)
    {
        found = found[..ids.Length];
        while (ids.Length > PersonBatch.IdsMax)
        {
            PersonBatch.Find(this, ids[..PersonBatch.IdsMax], found);
            ids = ids[PersonBatch.IdsMax..];
            found = found[PersonBatch.IdsMax..];
        }

        PersonBatch.Find(this, ids, found);
    }

    /// <summary>Makes room for so many people in all, so that adding them rebuilds nothing. Writer only.</summary>
    public void Reserve(int people)
    {
        // Of a random share the square root is the deviation; who is beyond three of them grows once more.
        int share = people / PartitionCount;
        int room = share + (3 * (int)Math.Sqrt(share)) + 1;
        for (int number = 0; number < PartitionCount; number++)
        {
            partitions[number].Reserve(room, hash, memory);
        }
    }

    /// <summary>Brings the line where a search for an id begins into the processor's caches.</summary>
    public void Warm(in Guid id)
    {
        ulong hashed = hash.Of(id);
        nint[] pages = partitions[(byte)hashed].Pages;
        Prefetch.Of(ref *PersonPartition.Line(pages, PersonPartition.HomeLine(hashed, pages)));
    }

    /// <summary>Adds a person; false: there is one of that id. Writer only.</summary>
    public bool TryAdd(in PersonEntry entry)
    {
        if (entry.Id == Guid.Empty)
        {
            throw new ArgumentException("The empty id stands for nobody.", nameof(entry));
        }

        if (Seek(entry.Id, out PersonEntry* free, out int number))
        {
            return false;
        }

        partitions[number].Add(free, entry, hash, memory);
        Count++;
        return true;
    }

    /// <summary>Replaces the entry of the same id; false: there is none. Writer only.</summary>
    public bool TryUpdate(in PersonEntry entry)
    {
        if (!Seek(entry.Id, out PersonEntry* slot, out int number))
        {
            return false;
        }

        partitions[number].Write(slot, entry);
        return true;
    }

    /// <summary>Removes a person; false: there is none of that id. Writer only.</summary>
    public bool Remove(in Guid id)
    {
        if (!Seek(id, out PersonEntry* slot, out int number))
        {
            return false;
        }

        partitions[number].Remove(slot, hash);
        Count--;
        return true;
    }

    /// <summary>The writer's search: it alone changes the pages, so it needs no version.</summary>
    private bool Seek(in Guid id, out PersonEntry* slot, out int number)
    {
        ulong hashed = hash.Of(id);
        number = (byte)hashed;
        slot = PersonPartition.Probe(partitions[number].Pages, hashed, id);
        return id != Guid.Empty && slot->Id == id;
    }
}
