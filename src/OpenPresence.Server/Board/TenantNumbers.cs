namespace OpenPresence.Server.Board;

/// <summary>
/// Tenants in two bytes, so that an index entry can say whose it is. Numbers hold for one run of one node
/// and never leave it. One writer, lock-free readers.
/// </summary>
public sealed class TenantNumbers
{
    /// <summary>The most tenants that one node serves.</summary>
    public const int TenantsMax = ushort.MaxValue;

    private Dictionary<Guid, ushort> numbers = [];
    private readonly List<Guid> ids = [];

    /// <summary>The number of a tenant; false: nobody of that tenant was ever here.</summary>
    public bool TryGet(Guid tenantId, out ushort number) =>
        Volatile.Read(ref numbers).TryGetValue(tenantId, out number);

    /// <summary>The tenant of a number.</summary>
    public Guid IdOf(ushort number)
    {
        lock (ids)
        {
            return ids[number];
        }
    }

    /// <summary>The number of a tenant, given now if it has none. Writer only.</summary>
    /// <exception cref="InvalidOperationException">The node serves <see cref="TenantsMax"/> already.</exception>
    public ushort GetOrAdd(Guid tenantId)
    {
        if (numbers.TryGetValue(tenantId, out var number))
        {
            return number;
        }
        if (numbers.Count == TenantsMax)
        {
            throw new InvalidOperationException($"A node serves {TenantsMax} tenants at most.");
        }
        number = (ushort)numbers.Count;
        lock (ids)
        {
            ids.Add(tenantId);
        }
        // Readers hold the old dictionary or the new one, never one that changes under them.
        Volatile.Write(ref numbers, new Dictionary<Guid, ushort>(numbers) { [tenantId] = number });
        return number;
    }
}
