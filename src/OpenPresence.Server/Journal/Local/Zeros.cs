namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// Writes the zeros that a segment consists of until entries take their place.
/// </summary>
/// <remarks>
/// Not <c>fallocate</c>: its extents are marked unwritten, and every flush of an entry would have to commit that
/// they no longer are. And not all at once: a flush of a whole segment would make the log's own flushes wait
/// behind it, so it goes out in pieces.
/// </remarks>
internal static class Zeros
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Durable zeros from one offset to another.</summary>
    public static void Write(IJournalFile file, long from, long to)
    {
        var zeros = new byte[(int)Math.Clamp(to - from, 0, PieceBytes)];
        for (var offset = from; offset < to; offset += zeros.Length)
        {
            file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, to - offset)), offset);
            file.Flush();
        }
    }
}
