namespace OpenPresence.Server.State.Directory;

/// <summary>
/// From a text of the record (the sign-in name, the external id) to a person's address. It holds nothing but
/// addresses: whether one is the text's, the person's record says. 256 tables by the hash, so that none takes
/// long to build anew.
/// </summary>
internal sealed class TextIndex
{
    private const int TableCount = 256;

    /// <summary>Growing means looking at the record of everybody in the table: by a quarter, not an eighth.</summary>
    private const int GrowthDivisor = 4;

    private readonly AddressTable[] _tables = new AddressTable[TableCount];
    private readonly int[] _counts = new int[TableCount];
    private readonly HashOfText _hashOf;

    /// <param name="hashOf">The hash of the text in a record.</param>
    public TextIndex(HashOfText hashOf)
    {
        _hashOf = hashOf;
        Reserve(0);
    }

    public delegate uint HashOfText(in PersonRecord record);

    /// <summary>The addresses that a hash may mean, each plus 1.</summary>
    public AddressTable.Search Seek(uint hash) => Volatile.Read(ref _tables[TableOf(hash)]).Seek(Within(hash));

    /// <summary>Adds the address of a text that no record has.</summary>
    /// <param name="hash">The text's.</param>
    /// <param name="address">The person's.</param>
    /// <param name="people">To learn the texts of those who move to a larger table.</param>
    public void Add(uint hash, uint address, PersonStore people)
    {
        var number = TableOf(hash);
        if (_tables[number].IsFull)
        {
            Rebuild(number, people);
        }

        _tables[number].Add(Within(hash), address + 1);
        _counts[number]++;
    }

    /// <summary>Makes room for so many more, if there is nobody yet.</summary>
    public void Reserve(int people)
    {
        for (var number = 0; number < TableCount; number++)
        {
            if (_counts[number] == 0)
            {
                _tables[number] = new AddressTable(people / TableCount * 17 / 16);
            }
        }
    }

    /// <summary>Takes out the address of a text.</summary>
    public void Remove(uint hash, uint address)
    {
        var number = TableOf(hash);
        _tables[number].Remove(Within(hash), address + 1);
        _counts[number]--;
    }

    private void Rebuild(int number, PersonStore people)
    {
        var table = new AddressTable(_counts[number] + (_counts[number] / GrowthDivisor));
        foreach (var entry in _tables[number].Numbers())
        {
            people.TryRead(entry - 1, out var record);
            table.Add(Within(_hashOf(record)), entry);
        }

        Volatile.Write(ref _tables[number], table);
    }

    private static int TableOf(uint hash) => (int)(hash >> 24);

    /// <summary>The bits that the choice of a table has not used up.</summary>
    private static uint Within(uint hash) => hash << 8;
}
