namespace OpenPresence.Server.State.Directory;

/// <summary>
/// Open addressing from a hash to a number that is not 0: the slots of an index. One writer, readers without locks:
/// a slot changes in one store, and a removed one stays as a mark, so that a search never ends too soon.
/// What a number means, and whether it is the one that was sought, the owner knows.
/// </summary>
internal sealed class AddressTable(int numbers)
{
    private const uint Removed = uint.MaxValue;
    private const int SlotsMin = 16;

    /// <summary>Three quarters of them hold the numbers that were announced.</summary>
    private readonly uint[] _slots = new uint[Math.Max(SlotsMin, numbers / 3 * 4 + SlotsMin)];

    /// <summary>Slots that are not empty, removed ones included.</summary>
    private int _used;

    /// <summary>Whether another number would make searches long: three quarters are used.</summary>
    public bool IsFull => _used >= _slots.Length / 4 * 3;

    public Search Seek(uint hash) => new(_slots, hash);

    /// <summary>Puts a number where its hash says; the table must not be full.</summary>
    public void Add(uint hash, uint number)
    {
        var slot = HomeOf(_slots, hash);
        while (_slots[slot] is not (0 or Removed))
        {
            slot = slot + 1 == _slots.Length ? 0 : slot + 1;
        }

        _used += _slots[slot] == 0 ? 1 : 0;
        Volatile.Write(ref _slots[slot], number);
    }

    /// <summary>Takes a number out.</summary>
    public void Remove(uint hash, uint number)
    {
        var slot = HomeOf(_slots, hash);
        while (_slots[slot] != number)
        {
            if (_slots[slot] == 0)
            {
                throw new InvalidOperationException("The index has lost an entry.");
            }

            slot = slot + 1 == _slots.Length ? 0 : slot + 1;
        }

        Volatile.Write(ref _slots[slot], Removed);
    }

    /// <summary>All numbers, in no order.</summary>
    public IEnumerable<uint> Numbers() => _slots.Where(number => number is not (0 or Removed));

    private static int HomeOf(uint[] slots, uint hash) => (int)(((ulong)hash * (ulong)slots.Length) >> 32);

    /// <summary>The numbers that a hash may mean, one after the other; 0: no more.</summary>
    public ref struct Search(uint[] slots, uint hash)
    {
        private int _slot = HomeOf(slots, hash);

        public uint Next()
        {
            while (true)
            {
                var number = Volatile.Read(ref slots[_slot]);
                _slot = _slot + 1 == slots.Length ? 0 : _slot + 1;
                if (number != Removed)
                {
                    return number;
                }
            }
        }
    }
}
