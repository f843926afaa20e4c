namespace OpenPresence.Server.State.Directory;

/// <summary>
/// Records of bytes, only ever appended, in pages that never move: whoever knows a record's place can read it
/// for as long as it holds the pages, whatever is appended meanwhile. One writer; a copy of this value shares
/// the pages, and only the newest copy may append.
/// </summary>
internal struct RecordPages
{
    private const int OffsetBits = 14;

    /// <summary>Small enough to stay out of the large object heap.</summary>
    private const int PageBytes = 1 << OffsetBits;
    private const int PagesMax = 1 << (32 - OffsetBits);

    private byte[][] _pages;
    private int _count;
    private int _used;

    public static RecordPages Empty => new() { _pages = new byte[1][] };

    /// <summary>Bytes of all records, those no longer in use included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Appends a record; its place, which is never 0.</summary>
    public uint Append(ReadOnlySpan<byte> record)
    {
        if (_count == 0 || _used + record.Length > PageBytes)
        {
            AddPage(record.Length);
        }

        var page = _count - 1;
        record.CopyTo(_pages[page].AsSpan(_used));
        var place = ((uint)page << OffsetBits) | (uint)_used;
        _used += record.Length;
        Bytes += record.Length;
        return place + 1;
    }

    /// <summary>The bytes from a record's place to the end of its page; the record knows its own length.</summary>
    public readonly ReadOnlySpan<byte> From(uint place)
    {
        var at = place - 1;
        return _pages[at >> OffsetBits].AsSpan((int)(at & (PageBytes - 1)));
    }

    private void AddPage(int recordBytes)
    {
        if (_count == PagesMax)
        {
            throw new InvalidOperationException("The directory's records fill all their pages.");
        }

        if (_count == _pages.Length)
        {
            var pages = new byte[_pages.Length * 2][];
            _pages.CopyTo(pages, 0);
            Volatile.Write(ref _pages, pages);
        }

        // A record longer than a page gets one of its own length.
        _pages[_count] = GC.AllocateUninitializedArray<byte>(Math.Max(PageBytes, recordBytes));
        _count++;
        _used = 0;
    }
}
