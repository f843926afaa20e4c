namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Everybody's rows, in chunks that never move, with one writer, lock-free readers and cheap exact cuts. While a cut
/// lives, the writer puts a row aside before it changes it for the first time (<see cref="RowsAside"/>); who writes
/// the snapshot copies the rows as they are, and takes those that were put aside instead. So a write costs a snapshot
/// one row's copy, nobody waits for anybody, and readers never see a chunk that is not the live one.
///
/// The tempting alternative, copying a chunk before the first change to it, needs a large object each time: an
/// allocation that may sleep for milliseconds because the collector is at work on that heap.
/// </summary>
public sealed class RowTable
{
    private const int ChunkBits = 12;
    private const int ChunkRows = 1 << ChunkBits;

    private PersonRow[]?[] chunks = new PersonRow[16][];
    private int count;
    private int keeping;
    private RowsAside? aside;

    /// <summary>One more than the highest row in use; what lies below it may be read.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Rows put aside since the table began: what cuts cost the writer.</summary>
    public long RowsKept { get; private set; }

    /// <summary>A row to read.</summary>
    public ref readonly PersonRow this[int row] =>
        ref Volatile.Read(ref chunks)[row >> ChunkBits]![row & (ChunkRows - 1)];

    /// <summary>A row to write. Writer only; the reference must not be kept.</summary>
    public ref PersonRow Writable(int row)
    {
        ref var live = ref chunks[row >> ChunkBits]![row & (ChunkRows - 1)];
        if (aside is not null)
        {
            Keep(row, live);
        }
        return ref live;
    }

    /// <summary>Adds a row at the end and returns its number. Writer only.</summary>
    public int Add(in PersonRow value)
    {
        var row = count;
        var number = row >> ChunkBits;
        if (number == chunks.Length)
        {
            var grown = chunks;
            Array.Resize(ref grown, number * 2);
            Volatile.Write(ref chunks, grown);
        }
        var chunk = chunks[number];
        if (chunk is null)
        {
            Volatile.Write(ref chunks[number], chunk = new PersonRow[ChunkRows]);
        }
        chunk[row & (ChunkRows - 1)] = value;
        Volatile.Write(ref count, row + 1);
        return row;
    }

    /// <summary>The rows as they are now, for a reader that takes its time. Writer only.</summary>
    /// <exception cref="InvalidOperationException">A cut is still alive.</exception>
    public Cut TakeCut()
    {
        if (aside is not null)
        {
            throw new InvalidOperationException("One cut at a time: dispose of the other first.");
        }
        aside = new RowsAside(count);
        return new Cut(this, aside, chunks, count);
    }

    private void Keep(int row, in PersonRow live)
    {
        // Who disposes of the cut first takes it away, then waits for this to be 0 (see Cut.Dispose).
        Interlocked.Exchange(ref keeping, 1);
        if (Volatile.Read(ref aside) is { } kept && kept.Keep(row, live))
        {
            RowsKept++;
        }
        Volatile.Write(ref keeping, 0);
    }

    /// <summary>
    /// A frozen view, to be read forward; disposing of it, on any thread, frees the writer from putting rows aside.
    /// For one thread.
    /// </summary>
    public sealed class Cut : IDisposable
    {
        private readonly RowTable table;
        private readonly RowsAside kept;
        private readonly PersonRow[]?[] chunks;
        private readonly PersonRow[] group = new PersonRow[RowsAside.GroupRows];
        private int groupFrom = -RowsAside.GroupRows;
        private int disposed;

        internal Cut(RowTable table, RowsAside kept, PersonRow[]?[] chunks, int count) =>
            (this.table, this.kept, this.chunks, Count) = (table, kept, chunks, count);

        /// <summary>Rows in the cut.</summary>
        public int Count { get; }

        /// <summary>A row as it was when the cut was taken. Forward only, by groups of rows.</summary>
        /// <exception cref="InvalidOperationException">The row lies before one that was read already.</exception>
        public ref readonly PersonRow this[int row]
        {
            get
            {
                if ((uint)(row - groupFrom) >= RowsAside.GroupRows)
                {
                    Read(row);
                }
                return ref group[row - groupFrom];
            }
        }

        /// <inheritdoc />
        public void Dispose()
        {
            // Once: a second time might free the writer for the next cut.
            if (Interlocked.Exchange(ref disposed, 1) != 0)
            {
                return;
            }
            Volatile.Write(ref table.aside, null);
            Interlocked.MemoryBarrier();
            // Some nanoseconds: the writer is done with it, or will not begin.
            var wait = default(SpinWait);
            while (Volatile.Read(ref table.keeping) != 0)
            {
                wait.SpinOnce();
            }
            kept.Free();
        }

        private void Read(int row)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
            if (row < groupFrom)
            {
                throw new InvalidOperationException("A cut is read forward only.");
            }
            groupFrom = row & -RowsAside.GroupRows;
            var from = groupFrom & (ChunkRows - 1);
            chunks[row >> ChunkBits].AsSpan(from, RowsAside.GroupRows).CopyTo(group);
            // A row that was changed before or while it was copied was put aside before that, and is found there now.
            Volatile.ReadBarrier();
            kept.Restore(groupFrom, group);
        }
    }
}
