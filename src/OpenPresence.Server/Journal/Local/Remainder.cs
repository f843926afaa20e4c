using System.Buffers.Binary;

namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// What a file holds from a place on where no whole frame stands, without the zeros at its end. Only made
/// when something looks wrong or the end is to be proven, so it is simple rather than fast: it fits in memory
/// because a segment does.
/// </summary>
internal sealed class Remainder
{
    private const int PieceBytes = 1 << 20;
    private const int Step = 8;

    private readonly byte[] _bytes;

    private Remainder(byte[] bytes, long usedBytes) => (_bytes, UsedBytes) = (bytes, usedBytes);

    /// <summary>Up to the last byte that is not zero.</summary>
    public long UsedBytes { get; }

    public static Remainder Read(IJournalFile file, long offset)
    {
        var usedBytes = 0L;
        var piece = GC.AllocateUninitializedArray<byte>(PieceBytes);
        for (long at = offset, read; (read = file.Read(piece, at)) > 0; at += read)
        {
            var last = piece.AsSpan(0, (int)read).LastIndexOfAnyExcept((byte)0);
            usedBytes = last < 0 ? usedBytes : at - offset + last + 1;
        }

        // A frame ends with padding, which is zeros: keep them, or the last frame would be cut short.
        var bytes = new byte[usedBytes == 0 ? 0 : usedBytes + Frame.HeaderBytes + Step];
        var kept = file.Read(bytes, offset);
        return new Remainder(bytes[..kept], usedBytes);
    }

    /// <summary>
    /// The first whole frame of an entry after <paramref name="missing"/>, or of a clean stop that counts it;
    /// with <paramref name="flushed"/> only one that says that <paramref name="missing"/> had been durable.
    /// </summary>
    public (long Position, long Offset)? FindWhole(long missing, bool flushed)
    {
        for (var offset = 0; offset + Frame.HeaderBytes <= _bytes.Length; offset += Step)
        {
            var candidate = _bytes.AsSpan(offset);
            if (
                IsPlausible(candidate, missing)
                && Frame.Read(candidate, out var header) == FrameState.Whole
                && (!flushed || header.FlushedPosition >= missing)
            )
            {
                var entry = header.Kind == FrameKind.Entry;
                return (entry ? header.Position : header.Position + 1, offset);
            }
        }

        return null;
    }

    // Cheap enough to ask at every offset; a checksum over what may be a megabyte is not.
    private bool IsPlausible(ReadOnlySpan<byte> candidate, long missing)
    {
        var kind = (FrameKind)candidate[7];
        var ahead = BinaryPrimitives.ReadInt64LittleEndian(candidate[8..]) - missing;
        return kind is FrameKind.Entry or FrameKind.CleanStop
            && ahead >= 0
            && ahead <= _bytes.Length / Frame.HeaderBytes;
    }
}
