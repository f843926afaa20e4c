namespace OpenPresence.Server.Journal.Local;

/// <summary>The snapshots in the journal's directory: find the newest intact one, write another.</summary>
/// <remarks>
/// A snapshot gets its name when it is complete and flushed, so a name that ends in <c>.snapshot</c> is a
/// promise. It is verified to its last byte at start all the same, before anybody builds on it; the reader
/// verifies each block again as it comes.
/// </remarks>
internal sealed class SnapshotStore(IJournalFiles files)
{
    private const string TemporaryName = "snapshot.tmp";
    private const string DamagedExtension = ".damaged";

    private readonly Lock _gate = new();
    private long[] _positions = [];
    private SnapshotId? _newest;
    private bool _writing;

    public SnapshotId? Newest
    {
        get
        {
            lock (_gate)
            {
                return _newest;
            }
        }
    }

    /// <summary>Finds the newest intact snapshot; damaged ones that are newer are set aside.</summary>
    public void Find(List<string> notices)
    {
        var names = files
            .Names()
            .Where(name => name.EndsWith(SnapshotId.Extension, StringComparison.Ordinal))
            .Where(name => SegmentHeader.FirstOf(name) is not null)
            .Order(StringComparer.Ordinal)
            .ToList();
        while (names.Count > 0 && _newest is null)
        {
            var name = names[^1];
            _newest = Verify(name);
            if (_newest is null)
            {
                names.RemoveAt(names.Count - 1);
                files.Rename(name, name + DamagedExtension);
                files.FlushNames();
                notices.Add($"{name} is damaged and was set aside as {DamagedExtension}.");
            }
        }

        _positions = [.. names.Select(name => SegmentHeader.FirstOf(name)!.Value)];
    }

    public JournalSnapshot? OpenNewest()
    {
        // Under the lock: a snapshot that is being written may just now replace this one.
        lock (_gate)
        {
            if (_newest is not { } id)
            {
                return null;
            }

            var file = files.Open(id.Name, FileUse.Read);
            return new JournalSnapshot(id.Position, id.At, new SnapshotReadStream(file, id.Name));
        }
    }

    /// <summary>Writes a snapshot and returns the position of the oldest that is kept; 0: too few yet.</summary>
    public async ValueTask<long> WriteAsync(
        SnapshotId id,
        Func<Stream, CancellationToken, ValueTask> write,
        CancellationToken cancel
    )
    {
        Begin();
        try
        {
            using (var file = files.Create(TemporaryName, 0))
            {
                var stream = new SnapshotWriteStream(file, id);
                await write(stream, cancel);
                cancel.ThrowIfCancellationRequested();
                stream.Finish();
            }

            files.Rename(TemporaryName, id.Name);
            files.FlushNames();
            return Keep(id);
        }
        catch
        {
            DeleteTemporary();
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _writing = false;
            }
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            if (_writing)
            {
                throw new InvalidOperationException("One snapshot at a time.");
            }

            _writing = true;
        }
    }

    private long Keep(SnapshotId id)
    {
        long[] gone;
        lock (_gate)
        {
            long[] all = [.. _positions.Where(p => p != id.Position), id.Position];
            gone = all[..Math.Max(all.Length - JournalOptions.SnapshotsKept, 0)];
            (_positions, _newest) = (all[gone.Length..], id);
        }

        foreach (var position in gone)
        {
            files.Delete(new SnapshotId(position, default).Name);
        }

        return _positions.Length < JournalOptions.SnapshotsKept ? 0 : _positions[0];
    }

    // It may be large, and the disk may be full because of it; what cannot be deleted goes at the next start.
    private void DeleteTemporary()
    {
        try
        {
            files.Delete(TemporaryName);
        }
        catch (Exception e) when (DiskFailure.Is(e)) { }
    }

    private SnapshotId? Verify(string name)
    {
        var header = new byte[SnapshotFormat.HeaderBytes];
        var file = files.Open(name, FileUse.Read);
        using var stream = new SnapshotReadStream(file, name);
        try
        {
            var id = SnapshotFormat.ReadHeader(name, header.AsSpan(0, file.Read(header, 0)));
            var piece = new byte[SnapshotFormat.BlockBytes];
            while (stream.Read(piece) > 0) { }
            return id;
        }
        catch (JournalRefusedException e) when (e.Refusal == JournalRefusal.Damaged)
        {
            return null;
        }
    }
}
