namespace OpenPresence.Server.State.Directory;

/// <summary>
/// The people of one tenant in the order of their names: addresses in leaves of a few hundred. A leaf never
/// changes; inserting makes another one, so a reader walks over whole leaves whatever happens. The list of leaves
/// is changed in place until a cut has seen it, and copied before the first change after that.
/// </summary>
internal sealed class NameOrder
{
    private const int LeafMax = 256;

    private uint[][] _leaves = [];
    private int _epoch;

    /// <summary>The leaves as they are; a cut's are never changed again.</summary>
    public uint[][] Leaves => Volatile.Read(ref _leaves);

    /// <summary>The addresses behind so many; whole leaves are skipped at once.</summary>
    public IEnumerable<uint> From(int skip)
    {
        foreach (var leaf in Leaves)
        {
            for (var at = skip; at < leaf.Length; at++)
            {
                yield return leaf[at];
            }

            skip = Math.Max(0, skip - leaf.Length);
        }
    }

    /// <summary>
    /// The addresses from a leaf on before which nobody stands whose name is not before <paramref name="from"/>.
    /// Readers ask this while names may change; whoever changes on the way can only make it an earlier leaf than
    /// need be, because the answer counts only if its first person is not after the name at the end.
    /// </summary>
    public IEnumerable<uint> From(string from, PersonStore people)
    {
        var name = new FoldedName(from, stackalloc byte[FoldedName.StackBytes]);
        var leaves = Leaves;
        var (low, high) = (0, leaves.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var isAfter = IsAfter(name, leaves[middle], people);
            (low, high) = isAfter ? (middle, high) : (low, middle - 1);
        }

        var first = low > 0 && IsAfter(name, leaves[low], people) ? low : 0;
        return leaves.Skip(first).SelectMany(leaf => leaf);
    }

    /// <summary>Adds an address whose name is not there yet.</summary>
    public void Insert(in FoldedName name, uint address, PersonStore people, int epoch)
    {
        if (_leaves.Length == 0)
        {
            Publish(
                [
                    [address],
                ],
                epoch
            );
            return;
        }

        var (number, at) = Seek(name, people);
        var leaf = _leaves[number];
        uint[] larger = [.. leaf.AsSpan(0, at), address, .. leaf.AsSpan(at)];
        if (larger.Length <= LeafMax)
        {
            ReplaceLeaf(number, larger, epoch);
            return;
        }

        const int half = LeafMax / 2;
        Publish([.. _leaves.AsSpan(0, number), larger[..half], larger[half..], .. _leaves.AsSpan(number + 1)], epoch);
    }

    /// <summary>Takes in addresses whose names are in order already.</summary>
    public void Load(List<uint> addresses, int epoch) => Publish([.. addresses.Chunk(LeafMax)], epoch);

    /// <summary>Takes out the address of a name; its record must still have that name.</summary>
    public void Remove(in FoldedName name, PersonStore people, int epoch)
    {
        var (number, at) = Seek(name, people);
        var leaf = _leaves[number];
        if (leaf.Length == 1)
        {
            Publish([.. _leaves.AsSpan(0, number), .. _leaves.AsSpan(number + 1)], epoch);
        }
        else
        {
            ReplaceLeaf(number, [.. leaf.AsSpan(0, at), .. leaf.AsSpan(at + 1)], epoch);
        }
    }

    /// <summary>Where a name stands or would stand: the leaf, and the place in it.</summary>
    private (int Leaf, int At) Seek(in FoldedName name, PersonStore people)
    {
        var (low, high) = (0, _leaves.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var isBefore = name.CompareTo(people.NameAt(_leaves[middle][0])) < 0;
            (low, high) = isBefore ? (low, middle - 1) : (middle, high);
        }

        var leaf = _leaves[low];
        var (from, to) = (0, leaf.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            var isAfter = name.CompareTo(people.NameAt(leaf[middle])) > 0;
            (from, to) = isAfter ? (middle + 1, to) : (from, middle);
        }

        return (low, from);
    }

    /// <summary>Whether the leaf's first person is there and the name comes after that one's.</summary>
    private static bool IsAfter(in FoldedName name, uint[] leaf, PersonStore people) =>
        people.TryRead(leaf[0], out var record) && name.CompareTo(record.Name) > 0;

    private void ReplaceLeaf(int number, uint[] leaf, int epoch)
    {
        if (_epoch == epoch)
        {
            Volatile.Write(ref _leaves[number], leaf);
            return;
        }

        var leaves = _leaves.AsSpan().ToArray();
        leaves[number] = leaf;
        Publish(leaves, epoch);
    }

    private void Publish(uint[][] leaves, int epoch)
    {
        Volatile.Write(ref _leaves, leaves);
        _epoch = epoch;
    }
}
