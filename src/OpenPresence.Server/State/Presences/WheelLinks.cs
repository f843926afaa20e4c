namespace OpenPresence.Server.State.Presences;

/// <summary>
/// For each row its neighbours in a list of a <see cref="DeadlineWheel"/>. In chunks: one array would have to be
/// copied as a whole whenever it grows, while every caller waits.
/// </summary>
internal sealed class WheelLinks
{
    /// <summary>A chunk of 128 KB is a large object, so the collector never moves it.</summary>
    private const int ChunkBits = 14;

    private Link[][] chunks = [];

    public ref Link this[int row] => ref chunks[row >> ChunkBits][row & ((1 << ChunkBits) - 1)];

    public bool IsWithin(int row) => row >> ChunkBits < chunks.Length;

    public bool IsArmed(int row) => IsWithin(row) && this[row].IsArmed;

    /// <summary>Makes room for a row.</summary>
    public void Reserve(int row)
    {
        for (var next = chunks.Length; next <= row >> ChunkBits; next++)
        {
            Array.Resize(ref chunks, next + 1);
            chunks[next] = new Link[1 << ChunkBits];
        }
    }

    /// <summary>
    /// Eight bytes. The first of a list names its slot where the others name who stands before them, so that any row
    /// can be taken out without knowing when it is due. New links, which are zero, are in no list.
    /// </summary>
    internal struct Link
    {
        private int next; // a row, plus 1; 0: the last
        private int previous; // a row, plus 1; below 0: the slot, inverted; 0: in no list

        public readonly bool IsArmed => previous != 0;

        public readonly bool IsFirst => previous < 0;

        public readonly bool IsLast => next == 0;

        /// <summary>Of the first.</summary>
        public readonly uint Slot => (uint)~previous;

        /// <summary>Of all but the first.</summary>
        public readonly int Previous => previous - 1;

        /// <summary>Of all but the last.</summary>
        public readonly int Next => next - 1;

        public void BeginSlot(uint slot) => previous = ~(int)slot;

        public void Follow(int row) => previous = row + 1;

        public void Precede(int row) => next = row + 1;

        public void End() => next = 0;

        public void Disarm() => previous = 0;
    }
}
