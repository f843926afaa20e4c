namespace OpenPresence.Server.State.Directory;

/// <summary>
/// The records of all people, by id and by address. An address is a shard's number and a row; it stays
/// a person's for as long as the person is there.
/// </summary>
internal sealed class PersonStore
{
    private const int ShardCount = 256;
    private const int RowBits = 24;

    private readonly PersonShard[] _shards = new PersonShard[ShardCount];

    /// <summary>Keyed anew at every start, so that no caller can choose ids that collide.</summary>
    private readonly PersonHash _hash = PersonHash.Random();
    private readonly Func<Guid, uint> _within;

    public PersonStore()
    {
        foreach (ref var shard in _shards.AsSpan())
        {
            shard = new PersonShard(0, 0);
        }

        _within = id => Within(HashOf(id));
    }

    /// <summary>The address of an id; false: no person has that id.</summary>
    public bool TryFind(in Guid id, out uint address)
    {
        var hash = HashOf(id);
        var number = hash >> RowBits;
        var row = Shard(number).Find(id, Within(hash));
        address = (number << RowBits) | (uint)row;
        return row >= 0;
    }

    /// <summary>The record of an id; false: no person has that id.</summary>
    public bool TryRead(in Guid id, out PersonRecord record)
    {
        // From one object: in the next one the row may be another person's.
        var hash = HashOf(id);
        var shard = Shard(hash >> RowBits);
        var row = shard.Find(id, Within(hash));
        record = default;
        return row >= 0 && shard.TryRead(row, out record);
    }

    /// <summary>The record of an address; false: the person is gone.</summary>
    public bool TryRead(uint address, out PersonRecord record) =>
        Shard(address >> RowBits).TryRead(RowOf(address), out record);

    /// <summary>The record of an address with the id that it belongs to.</summary>
    public bool TryRead(uint address, out Guid id, out PersonRecord record)
    {
        // From one object: the record first, because the row's id is there before its record is.
        var shard = Shard(address >> RowBits);
        var isThere = shard.TryRead(RowOf(address), out record);
        id = shard.IdOf(RowOf(address));
        return isThere;
    }

    /// <summary>The name in the record of a person who is there. Writer only.</summary>
    public ReadOnlySpan<byte> NameAt(uint address) =>
        TryRead(address, out var record)
            ? record.Name
            : throw new InvalidOperationException("The order of names has lost a person.");

    /// <summary>Makes room for so many more, if there is nobody yet.</summary>
    public void Reserve(int people, int epoch)
    {
        foreach (ref var shard in _shards.AsSpan())
        {
            if (shard.IsEmpty)
            {
                // Some shards get more than their share; those grow by themselves.
                shard = new PersonShard(people / ShardCount * 17 / 16, epoch);
            }
        }
    }

    /// <summary>A new person's address.</summary>
    public uint Add(in Guid id, ReadOnlySpan<byte> record, int epoch)
    {
        var hash = HashOf(id);
        var number = hash >> RowBits;
        var row = Writable(number, epoch, isAdding: true).Add(id, Within(hash), record);
        return (number << RowBits) | (uint)row;
    }

    /// <summary>Another record for a person who is there.</summary>
    public void Replace(uint address, ReadOnlySpan<byte> record, int epoch) =>
        Writable(address >> RowBits, epoch, isAdding: false).Replace(RowOf(address), record);

    /// <summary>Takes a person out.</summary>
    public void Remove(in Guid id, uint address, int epoch) =>
        Writable(address >> RowBits, epoch, isAdding: false).Remove(RowOf(address), Within(HashOf(id)));

    /// <summary>The shards as they are; never changed again once the epoch is over.</summary>
    public PersonShard[] Capture() => _shards.AsSpan().ToArray();

    /// <summary>Reads an address in captured shards.</summary>
    public static bool TryRead(PersonShard[] shards, uint address, out Guid id, out PersonRecord record)
    {
        var shard = shards[address >> RowBits];
        id = shard.IdOf(RowOf(address));
        return shard.TryRead(RowOf(address), out record);
    }

    private PersonShard Shard(uint number) => Volatile.Read(ref _shards[number]);

    private PersonShard Writable(uint number, int epoch, bool isAdding)
    {
        var shard = _shards[number];
        if (shard.Epoch == epoch && !(isAdding && shard.IsFull) && !shard.IsWasteful)
        {
            return shard;
        }

        shard = shard.Renew(epoch, _within);
        Volatile.Write(ref _shards[number], shard);
        return shard;
    }

    private static int RowOf(uint address) => (int)(address & ((1 << RowBits) - 1));

    private uint HashOf(in Guid id) => (uint)(_hash.Of(id) >> 32);

    private static uint Within(uint hash) => hash << (32 - RowBits);
}
