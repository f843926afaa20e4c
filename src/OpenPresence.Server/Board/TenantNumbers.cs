using System.Collections.Concurrent;

namespace OpenPresence.Server.Board;

/// <summary>
/// Tenants in two bytes, so that an index entry can say whose it is. Numbers hold for one run of one node
/// and never leave it. One writer, lock-free readers.
/// </summary>
public sealed class TenantNumbers
{
    /// <summary>The most tenants that one node serves; the directory takes no more.</summary>
    public const int TenantsMax = ushort.MaxValue;

    private readonly ConcurrentDictionary<Guid, ushort> numbers = new();
    private Guid[] ids = new Guid[16];
    private int count;

    /// <summary>The number of a tenant; false: nobody of that tenant was ever here.</summary>
    public bool TryGet(Guid tenantId, out ushort number) =>
        numbers.TryGetValue(tenantId, out number);

    /// <summary>The tenant of a number that an entry or a row holds.</summary>
    public Guid IdOf(ushort number) => Volatile.Read(ref ids)[number];

    /// <summary>The number of a tenant, given now if it has none. Writer only.</summary>
    /// <exception cref="InvalidOperationException">The node serves <see cref="TenantsMax"/> already.</exception>
    public ushort GetOrAdd(Guid tenantId)
    {
        if (numbers.TryGetValue(tenantId, out var known))
        {
            return known;
        }
        if (count == TenantsMax)
        {
            throw new InvalidOperationException($"A node serves {TenantsMax} tenants at most.");
        }
        if (count == ids.Length)
        {
            var grown = new Guid[count * 2];
            ids.CopyTo(grown, 0);
            Volatile.Write(ref ids, grown);
        }
        // A number is only seen by who got it from here, so after its id.
        ids[count] = tenantId;
        numbers[tenantId] = (ushort)count;
        return (ushort)count++;
    }
}
