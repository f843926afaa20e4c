namespace OpenPresence.Server.Directory;

/// <summary>
/// The directory at one position of the journal, exact whatever is applied afterwards; written at leisure on
/// another thread. Two directories that saw the same changes write the same bytes.
/// </summary>
public sealed class DirectoryCut
{
    private readonly IReadOnlyList<DirectoryChange> _changes;

    internal DirectoryCut(IReadOnlyList<DirectoryChange> changes) => _changes = changes;

    /// <summary>Writes the cut; the stream stays open and may go on with something else.</summary>
    public void WriteTo(Stream output)
    {
        var frames = new FrameWriter(output);
        var change = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var each in _changes)
        {
            change.ResetWrittenCount();
            DirectoryCodec.Write(change, each);
            frames.Values.Bytes(change.WrittenSpan);
            frames.FlushIfFull();
        }

        frames.End();
    }
}
