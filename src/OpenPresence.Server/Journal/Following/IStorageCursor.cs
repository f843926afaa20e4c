namespace OpenPresence.Server.Journal.Following;

/// <summary>A place in storage: where it goes on after the entry at a position.</summary>
internal interface IStorageSpot
{
    long Position { get; }
}

/// <summary>Reads durable entries from storage, in order, for one reader.</summary>
internal interface IStorageCursor<TSpot> : IDisposable
    where TSpot : struct, IStorageSpot
{
    /// <summary>
    /// At least one entry, none after <paramref name="through"/>, which is durable; none at all: the journal was disposed of.
    /// </summary>
    /// <exception cref="JournalRefusedException">They are damaged or gone.</exception>
    ValueTask<Entry[]> ReadAsync(long through, CancellationToken cancel);

    /// <summary>Goes on from a place that the reader reached without the cursor.</summary>
    void MoveTo(TSpot spot);
}
