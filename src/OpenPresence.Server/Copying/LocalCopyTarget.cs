using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Copying;

/// <summary>
/// Writes a copy as the local journal's files, into a folder beside that of the journal, which gets its name at the end.
/// </summary>
internal sealed class LocalCopyTarget : ICopyTarget
{
    private const string UnfinishedExtension = ".copy";

    /// <summary>What is written and flushed in one go.</summary>
    private const int BatchBytes = 1 << 20;

    private readonly string folder;
    private readonly string unfinished;
    private readonly DiskFiles files;
    private readonly SpareSegment spare;
    private readonly SegmentWriter log;
    private readonly long segmentBytes;
    private byte[] batch = new byte[BatchBytes];
    private int filled;
    private long flushed;
    private long last;
    private Instant lastAt;
    private bool isClosed;

    private LocalCopyTarget(string folder, string unfinished)
    {
        (this.folder, this.unfinished) = (folder, unfinished);
        segmentBytes = new LocalJournalOptions { Directory = folder }.SegmentBytes;
        files = new DiskFiles(unfinished);
        spare = new SpareSegment(files, segmentBytes, work => work());
        log = new SegmentWriter(files, new SegmentList([]), spare, segmentBytes);
    }

    /// <summary>Begins a copy for a journal's folder, which must not be there yet.</summary>
    /// <exception cref="JournalRefusedException">It is there.</exception>
    public static LocalCopyTarget Begin(string folder)
    {
        if (System.IO.Directory.Exists(folder) && System.IO.Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw Refusals.NotEmpty(folder);
        }
        var beside = folder + UnfinishedExtension;
        if (System.IO.Directory.Exists(beside))
        {
            System.IO.Directory.Delete(beside, recursive: true);
        }
        return new LocalCopyTarget(folder, beside);
    }

    /// <inheritdoc />
    public async Task WriteSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel)
    {
        var store = new SnapshotStore(files);
        await store.WriteAsync(
            new SnapshotId(snapshot.Position, snapshot.At),
            async (output, cancelled) => await snapshot.Content.CopyToAsync(output, cancelled),
            cancel
        );
    }

    /// <inheritdoc />
    public Task WriteAsync(IReadOnlyList<Entry> entries, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (var entry in entries)
        {
            Write(entry);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task CompleteAsync(CancellationToken cancel)
    {
        Flush();
        Close();
        if (System.IO.Directory.Exists(folder))
        {
            System.IO.Directory.Delete(folder); // empty, as it was at the beginning
        }
        System.IO.Directory.Move(unfinished, folder);
        Libc.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Close();
        if (System.IO.Directory.Exists(unfinished))
        {
            System.IO.Directory.Delete(unfinished, recursive: true);
        }
        return default;
    }

    private void Write(in Entry entry)
    {
        var bytes = Frame.BytesOf(entry.Payload.Length);
        if (filled + bytes > batch.Length || !log.Fits(filled + bytes))
        {
            Flush();
        }
        if (!log.Fits(bytes))
        {
            log.Begin(entry.Position, entry.Position - 1, last == 0 ? entry.At : lastAt);
            flushed = entry.Position - 1;
        }
        if (bytes > batch.Length)
        {
            batch = new byte[bytes];
        }
        filled += Frame.Write(
            batch.AsSpan(filled),
            new FrameHeader(FrameKind.Entry, entry.Payload.Length, entry.Position, entry.At, entry.CommandId, flushed),
            entry.Payload.Span
        );
        (last, lastAt) = (entry.Position, entry.At);
    }

    private void Flush()
    {
        if (filled > 0)
        {
            log.Append(batch.AsSpan(0, filled), last);
            (filled, flushed) = (0, last);
        }
    }

    private void Close()
    {
        if (!isClosed)
        {
            isClosed = true;
            log.Dispose();
            spare.Dispose();
            files.Dispose();
        }
    }
}
