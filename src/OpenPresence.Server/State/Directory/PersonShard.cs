namespace OpenPresence.Server.State.Directory;

/// <summary>
/// A 256th of all people: for each a row (the id, and the place of the record), an index from id to row, and
/// the records. One writer, readers without locks.
///
/// How readers are kept from seeing half of anything: a row's id is written before the row can be found; after
/// that only the record's place changes, in one store, to another whole record or to 0 (gone). A
/// row that is gone is not given to somebody else in this object, where a reader may still look at it, but only
/// in the copy that follows it (<see cref="Renew"/>).
///
/// The same copy serves the cut: before the first change after a cut the writer makes a copy and goes
/// on with that, so that the cut keeps what it has seen. Copying costs the rows and the index, 26 bytes a
/// person; the records are shared, because they are only ever appended.
/// </summary>
internal sealed class PersonShard
{
    private const int RowsMin = 8;

    /// <summary>Rows that are gone before a full shard reuses them instead of growing.</summary>
    private const int GoneDivisor = 8;

    private readonly Guid[] _ids;
    private readonly uint[] _places;
    private readonly Stack<int> _free;
    private readonly List<int> _gone = [];
    private AddressTable _table;
    private RecordPages _pages;
    private long _liveBytes;
    private int _rows;

    public PersonShard(int rows, int epoch)
        : this(Math.Max(RowsMin, rows), epoch, [], RecordPages.Empty) { }

    private PersonShard(int capacity, int epoch, IEnumerable<int> free, RecordPages pages)
    {
        _ids = new Guid[capacity];
        _places = new uint[capacity];
        _free = new Stack<int>(free);
        _table = new AddressTable(capacity);
        _pages = pages;
        Epoch = epoch;
    }

    /// <summary>Which cuts have not seen this object: those before this number.</summary>
    public int Epoch { get; }

    /// <summary>Whether the shard was always empty.</summary>
    public bool IsEmpty => _rows == 0;

    /// <summary>Rows that there is room for.</summary>
    public int Capacity => _ids.Length;

    /// <summary>Bytes of records, those no longer in use included.</summary>
    public long RecordBytes => _pages.Bytes;

    /// <summary>Whether the next new person needs <see cref="Renew"/> first.</summary>
    public bool IsFull => (_free.Count == 0 && _rows == _ids.Length) || _table.IsFull;

    /// <summary>Whether records no longer in use are worth a rewrite.</summary>
    public bool IsWasteful => _pages.Bytes > 64 * 1024 && _pages.Bytes > _liveBytes * 2;

    /// <summary>The row of an id; -1: no person here has that id.</summary>
    public int Find(in Guid id, uint hash)
    {
        var search = Volatile.Read(ref _table).Seek(hash);
        while (search.Next() is > 0 and var number)
        {
            if (_ids[number - 1] == id)
            {
                return (int)number - 1;
            }
        }

        return -1;
    }

    public Guid IdOf(int row) => _ids[row];

    /// <summary>A row's record; false: the person is gone.</summary>
    public bool TryRead(int row, out PersonRecord record)
    {
        var place = Volatile.Read(ref _places[row]);
        record = place == 0 ? default : new PersonRecord(_pages.From(place));
        return place != 0;
    }

    /// <summary>A new person; the shard must not be full. The row.</summary>
    public int Add(in Guid id, uint hash, ReadOnlySpan<byte> record)
    {
        var row = _free.TryPop(out var free) ? free : _rows++;
        _ids[row] = id;
        Place(row, record);
        _table.Add(hash, (uint)row + 1);
        return row;
    }

    /// <summary>Another record for a row.</summary>
    public void Replace(int row, ReadOnlySpan<byte> record)
    {
        TryRead(row, out var before);
        _liveBytes -= before.Whole.Length;
        Place(row, record);
    }

    /// <summary>Takes a person out.</summary>
    public void Remove(int row, uint hash)
    {
        TryRead(row, out var before);
        _liveBytes -= before.Whole.Length;
        Volatile.Write(ref _places[row], 0);
        _table.Remove(hash, (uint)row + 1);
        _gone.Add(row);
    }

    /// <summary>A copy to go on with: larger if need be, rows that were gone free again.</summary>
    /// <param name="epoch">The copy's.</param>
    /// <param name="hashOf">The hash of an id.</param>
    public PersonShard Renew(int epoch, Func<Guid, uint> hashOf)
    {
        var grows = IsFull && _gone.Count < _ids.Length / GoneDivisor;
        var capacity = grows ? _ids.Length + Math.Max(RowsMin, _ids.Length / 8) : _ids.Length;
        var pages = IsWasteful ? RecordPages.Empty : _pages;
        var copy = new PersonShard(capacity, epoch, _free.Concat(_gone), pages)
        {
            _rows = _rows,
            _liveBytes = _liveBytes,
        };
        for (var row = 0; row < _rows; row++)
        {
            if (TryRead(row, out var record))
            {
                copy._ids[row] = _ids[row];
                copy._places[row] = IsWasteful ? copy._pages.Append(record.Whole) : _places[row];
                copy._table.Add(hashOf(_ids[row]), (uint)row + 1);
            }
        }

        return copy;
    }

    private void Place(int row, ReadOnlySpan<byte> record)
    {
        var place = _pages.Append(record);
        _liveBytes += record.Length;
        Volatile.Write(ref _places[row], place);
    }
}
