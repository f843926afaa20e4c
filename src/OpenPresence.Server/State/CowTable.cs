namespace OpenPresence.Server.State;

/// <summary>
/// A growing table in chunks, with one writer and cheap exact cuts. A cut is a copy of the list of chunks:
/// microseconds, whatever the size. While it lives, the writer copies a chunk before the first
/// change to it; so a snapshot stalls a writer by one chunk's copy at most, and the extra memory is the chunks
/// that change while the snapshot is written. For entries that are references, or few: a chunk stays below the large
/// object heap. What is large, and everybody's, is in a table of rows with blocks of its own.
/// </summary>
/// <remarks>
/// Readers may look without locks: a chunk that they hold is either the live one or one that is frozen
/// as it was. One cut may live at a time; that is all a snapshot needs.
/// </remarks>
public sealed class CowTable<T>
{
    private const int ChunkBits = 12;

    /// <summary>Entries in a chunk.</summary>
    public const int ChunkEntries = 1 << ChunkBits;

    private T[]?[] chunks = new T[]?[16];
    private int[] epochs = new int[16];
    private int epoch;
    private int count;
    private volatile bool isCut;

    /// <summary>One more than the highest index in use; what lies below it may be read.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Chunks copied since the table began: what cuts cost the writer.</summary>
    public long ChunksCopied { get; private set; }

    /// <summary>An entry to read; what it holds may be one write old while a cut lives.</summary>
    public ref readonly T this[int index] =>
        ref Volatile.Read(ref Volatile.Read(ref chunks)[index >> ChunkBits])![index & (ChunkEntries - 1)];

    /// <summary>An entry to write. Writer only; the reference must not be kept.</summary>
    public ref T Writable(int index)
    {
        var number = index >> ChunkBits;
        var chunk = chunks[number]!;
        if (isCut && epochs[number] != epoch)
        {
            chunk = (T[])chunk.Clone();
            Volatile.Write(ref chunks[number], chunk);
            epochs[number] = epoch;
            ChunksCopied++;
        }
        return ref chunk[index & (ChunkEntries - 1)];
    }

    /// <summary>Adds an entry at the end and returns its index. Writer only.</summary>
    public int Add(in T value)
    {
        var index = count;
        var number = index >> ChunkBits;
        if (number == chunks.Length)
        {
            Array.Resize(ref epochs, number * 2);
            var grown = chunks;
            Array.Resize(ref grown, number * 2);
            Volatile.Write(ref chunks, grown);
        }
        if (chunks[number] is null)
        {
            epochs[number] = epoch;
            Volatile.Write(ref chunks[number], new T[ChunkEntries]);
        }
        Writable(index) = value;
        Volatile.Write(ref count, index + 1);
        return index;
    }

    /// <summary>The table as it is now, for a reader that takes its time. Writer only.</summary>
    /// <exception cref="InvalidOperationException">A cut is still alive.</exception>
    public Cut TakeCut()
    {
        if (isCut)
        {
            throw new InvalidOperationException("One cut at a time: dispose of the other first.");
        }
        epoch++;
        isCut = true;
        return new Cut(this, chunks[..((Count + ChunkEntries - 1) >> ChunkBits)], Count);
    }

    /// <summary>A frozen view; disposing of it, on any thread, frees the writer from copying.</summary>
    public sealed class Cut(CowTable<T> table, T[]?[] chunks, int count) : IDisposable
    {
        private int disposed;

        /// <summary>Entries in the cut.</summary>
        public int Count => count;

        /// <summary>An entry as it was when the cut was taken.</summary>
        public ref readonly T this[int index] => ref chunks[index >> ChunkBits]![index & (ChunkEntries - 1)];

        /// <inheritdoc />
        public void Dispose()
        {
            // Once: a second time might free the writer from copying for the next cut.
            if (Interlocked.Exchange(ref disposed, 1) == 0)
            {
                table.isCut = false;
            }
        }
    }
}
