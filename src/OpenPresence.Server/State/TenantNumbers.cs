using System.Collections.Concurrent;

namespace OpenPresence.Server.State;

/// <summary>
/// Tenants in two bytes, so that an index entry can say whose it is. Numbers hold for one run of one node
/// and never leave it. One writer, lock-free readers.
/// </summary>
public sealed class TenantNumbers
{
    private readonly ConcurrentDictionary<Guid, ushort> numbers = new();
    private Guid[] ids = new Guid[16];
    private int[] people = new int[16];
    private int count;

    /// <summary>The number of a tenant; false: no person of that tenant was ever here.</summary>
    public bool TryGet(Guid tenantId, out ushort number) => numbers.TryGetValue(tenantId, out number);

    /// <summary>The tenant of a number that an entry or a row holds.</summary>
    public Guid IdOf(ushort number) => Volatile.Read(ref ids)[number];

    /// <summary>How many people of the tenant are on the board.</summary>
    public int PeopleOf(ushort number) => Volatile.Read(ref people)[number];

    /// <summary>So many more, or fewer, are. Writer only.</summary>
    public void CountPeople(ushort number, int more) => people[number] += more;

    /// <summary>
    /// The number of a tenant, given now if it has none. Writer only. The directory has no more tenants than there
    /// are numbers.
    /// </summary>
    public ushort GetOrAdd(Guid tenantId)
    {
        if (numbers.TryGetValue(tenantId, out var known))
        {
            return known;
        }
        if (count == ids.Length)
        {
            var grown = new Guid[count * 2];
            ids.CopyTo(grown, 0);
            Volatile.Write(ref ids, grown);
            var counts = new int[count * 2];
            people.CopyTo(counts, 0);
            Volatile.Write(ref people, counts);
        }
        // A number is only seen by who got it from here, so after its id.
        ids[count] = tenantId;
        numbers[tenantId] = checked((ushort)count);
        return (ushort)count++;
    }
}
