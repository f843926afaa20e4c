namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// The journal's edge to the disk: a directory of flat names. Nothing is promised about what survives a
/// power cut until <see cref="IJournalFile.Flush"/> (bytes) or <see cref="FlushNames"/> (names) returned.
/// Every member throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the
/// disk refuses.
/// </summary>
internal interface IJournalFiles : IDisposable
{
    /// <summary>For people, in messages.</summary>
    string Where { get; }

    IReadOnlyList<string> Names();

    /// <summary>A new file of that many zeros, written and flushed; one of that name is replaced.</summary>
    IJournalFile Create(string name, long bytes);

    IJournalFile Open(string name, FileUse use);

    /// <summary>Replaces <paramref name="to"/>, atomically.</summary>
    void Rename(string from, string to);

    void Delete(string name);

    /// <summary>Makes created, renamed and deleted names durable.</summary>
    void FlushNames();
}

internal enum FileUse
{
    Read,
    Write,

    /// <summary>Reads what the device holds, not what the page cache believes.</summary>
    ReadFromDevice,
}

internal interface IJournalFile : IDisposable
{
    long Length { get; }

    /// <summary>Fewer bytes than asked for only at the end of the file.</summary>
    int Read(Span<byte> into, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when everything written would survive a power cut.</summary>
    void Flush();

    void SetLength(long bytes);
}
