namespace OpenPresence.Server.Board;

/// <summary>
/// For each row its neighbours in a list of a <see cref="DeadlineWheel"/>, and its tick. In chunks: one array
/// would have to be copied as a whole whenever it grows, while everybody waits.
/// </summary>
internal sealed class WheelLinks
{
    public const int None = -1;

    /// <summary>A chunk of 192 KB is a large object, so the collector never moves it.</summary>
    private const int ChunkBits = 14;

    private Link[][] chunks = [];

    public ref Link this[int row] => ref chunks[row >> ChunkBits][row & ((1 << ChunkBits) - 1)];

    public bool IsWithin(int row) => row >> ChunkBits < chunks.Length;

    public bool IsArmed(int row) => IsWithin(row) && this[row].Tick != 0;

    /// <summary>Makes room for a row.</summary>
    public void Reserve(int row)
    {
        for (var next = chunks.Length; next <= row >> ChunkBits; next++)
        {
            Array.Resize(ref chunks, next + 1);
            chunks[next] = new Link[1 << ChunkBits];
        }
    }

    internal struct Link
    {
        public int Next;
        public int Previous;

        /// <summary>0: not armed. So that new links, which are zero, are not.</summary>
        public uint Tick;
    }
}
