namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// Reads a segment's entries in order and judges what it finds where an entry should be: the end, a torn
/// tail, or damage.
/// </summary>
/// <remarks>
/// <para>Payloads that are kept stay valid: a buffer is never written again once a slice of it may be
/// held. Buffers stay small enough for the youngest generation, so a restart over millions of entries makes
/// no large objects.</para>
/// </remarks>
/// <param name="file">Owned.</param>
/// <param name="segment">Which one, for messages and its first position.</param>
/// <param name="offset">Where to begin.</param>
/// <param name="next">The position of the entry that stands there.</param>
/// <param name="through">
/// Everything up to here was durable once, so it has to be there, and nothing beyond is looked at; null: the
/// last segment at start, whose end is to be found.
/// </param>
/// <param name="covered">Damage up to here does no harm: a snapshot contains it.</param>
/// <param name="keepsPayloads">Whether a payload is used after the next one was read.</param>
internal sealed class SegmentReader(
    IJournalFile file,
    Segment segment,
    long offset,
    long next,
    long? through,
    long covered,
    bool keepsPayloads
) : IDisposable
{
    private const int ChunkBytes = 64 << 10;

    private long _offset = offset;
    private long? _through = through;
    private byte[] _chunk = [];
    private int _start;
    private int _end;

    /// <summary>The position of the entry after the one that was returned last.</summary>
    public long Next { get; private set; } = next;

    /// <summary>Where it stands, or would.</summary>
    public long Offset => _offset + _start;

    /// <summary>After the end: how many bytes of a torn batch lie behind it; 0 when it is clean.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Damage that was passed over because a snapshot covers it; null: none.</summary>
    public string? Notice { get; private set; }

    /// <summary>Lets the reader go on to entries that have become durable since.</summary>
    public void Extend(long newThrough)
    {
        _through = newThrough;

        // What was read ahead may have been read before it was written.
        (_offset, _start, _end) = (Offset, 0, 0);
    }

    /// <summary>The next entry; false at the end.</summary>
    /// <exception cref="JournalRefusedException">What was durable is damaged.</exception>
    public bool TryRead(out FrameHeader header, out ReadOnlyMemory<byte> payload)
    {
        while (_through is null || Next <= _through)
        {
            var state = ReadFrame(out header);
            if (state == FrameState.Whole && Belongs(header))
            {
                var body = _start + Frame.HeaderBytes;
                _start += header.Bytes;
                if (header.Kind == FrameKind.Entry)
                {
                    payload = _chunk.AsMemory(body, header.PayloadBytes);
                    Next = header.Position + 1;
                    return true;
                }
            }
            else if (!PassOver())
            {
                break;
            }
        }

        header = default;
        payload = default;
        return false;
    }

    /// <summary>Of the file, whatever is in it.</summary>
    public long FileBytes => file.Length;

    public void Dispose() => file.Dispose();

    private bool Belongs(in FrameHeader header) =>
        header.Position == (header.Kind == FrameKind.Entry ? Next : Next - 1);

    private FrameState ReadFrame(out FrameHeader header)
    {
        var state = Frame.Read(_chunk.AsSpan(_start, _end - _start), out header);
        while (state == FrameState.Short && Refill())
        {
            state = Frame.Read(_chunk.AsSpan(_start, _end - _start), out header);
        }

        return state;
    }

    /// <summary>A new chunk that begins where the next frame begins; false: the file has no more.</summary>
    private bool Refill()
    {
        var held = _end - _start;
        var bytes = held < ChunkBytes ? ChunkBytes : held * 2;
        var isFree = !keepsPayloads && bytes <= _chunk.Length;
        var chunk = isFree ? _chunk : GC.AllocateUninitializedArray<byte>(bytes);
        _chunk.AsSpan(_start, held).CopyTo(chunk);
        _offset += _start;
        var read = file.Read(chunk.AsSpan(held, bytes - held), _offset + held);
        (_chunk, _start, _end) = (chunk, 0, held + read);
        return read > 0;
    }

    /// <summary>No whole entry stands here: true when reading can go on behind it.</summary>
    private bool PassOver()
    {
        var rest = Remainder.Read(file, Offset);
        var resume = rest.FindWhole(Next, flushed: _through is null);
        if (resume is null && _through is null)
        {
            TornBytes = rest.UsedBytes;
            return false;
        }

        var last = Math.Min(resume?.Position - 1 ?? long.MaxValue, _through ?? long.MaxValue);
        if (last > covered)
        {
            throw Refusals.Damaged(segment.Name, Offset, Next, last);
        }

        Notice = $"Entries {Next} to {last} in {segment.Name} are damaged; a snapshot covers them.";
        if (resume is null)
        {
            Next = last + 1;
            return false;
        }

        (Next, _offset, _start, _end) = (resume.Value.Position, Offset + resume.Value.Offset, 0, 0);
        return true;
    }
}
