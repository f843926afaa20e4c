namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// The positions of the latest command ids, so that a repeated append is recognised. Belongs to the writer.
/// </summary>
/// <param name="idsMax">How many ids are remembered; older ones are forgotten in order.</param>
internal sealed class CommandIdWindow(int idsMax)
{
    private readonly Dictionary<Guid, long> _positions = [];
    private readonly Guid[] _ring = new Guid[idsMax];
    private long _confirmed;

    /// <summary>
    /// Claims an id for an entry that is about to be written; otherwise gives the position that it has.
    /// </summary>
    public bool TryClaim(Guid commandId, long position, out long known)
    {
        ref var slot =
            ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                _positions,
                commandId,
                out var exists
            );
        if (!exists)
        {
            slot = position;
        }

        known = slot;
        return !exists;
    }

    /// <summary>The entry is durable: the id stays, and the oldest one goes.</summary>
    public void Confirm(Guid commandId)
    {
        ref var slot = ref _ring[(int)(_confirmed % idsMax)];
        if (_confirmed >= idsMax)
        {
            _ = _positions.Remove(slot);
        }

        slot = commandId;
        _confirmed++;
    }

    /// <summary>The entry was not written after all.</summary>
    public void Release(Guid commandId) => _ = _positions.Remove(commandId);
}
