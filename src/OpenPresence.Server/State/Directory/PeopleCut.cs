using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>All people at one instant of the writer; what it holds is never changed again.</summary>
internal sealed class PeopleCut(PersonShard[] shards, IReadOnlyList<(Guid Id, uint[][] Leaves)> tenants)
{
    /// <summary>
    /// Writes the people of each tenant, the tenants by id, the people by name: an order that is the same on all
    /// nodes, and the one in which they are read back without comparing.
    /// </summary>
    public void WriteTo(Stream output)
    {
        foreach (var (_, leaves) in tenants.OrderBy(tenant => tenant.Id))
        {
            var frames = new FrameWriter(output);
            frames.Values.Number((uint)leaves.Sum(leaf => leaf.Length));
            foreach (var address in leaves.SelectMany(leaf => leaf))
            {
                if (!PersonStore.TryRead(shards, address, out var id, out var record))
                {
                    throw new InvalidOperationException("The order of names has lost a person.");
                }

                frames.Values.Id(id);
                frames.Values.Bytes(record.Attributes);
                frames.FlushIfFull();
            }

            frames.End();
        }
    }
}
