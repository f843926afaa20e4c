using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>What a power cut leaves of what was written but not flushed.</summary>
public enum Leftovers
{
    Nothing,
    Everything,

    /// <summary>Any sectors and any names, in any order.</summary>
    Some,
}

/// <summary>
/// A disk that forgets: bytes survive a power cut for certain only once their file was flushed, names only once
/// the directory was. It can fail any operation, and its power can be cut before any.
/// </summary>
internal sealed class MemoryDisk
{
    private readonly Lock _gate = new();
    private readonly List<Action<Dictionary<string, Node>>> _unflushedNames = [];
    private Dictionary<string, Node> _names = new(StringComparer.Ordinal);
    private Dictionary<string, Node> _durableNames = new(StringComparer.Ordinal);

    /// <summary>Operations that change something, so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The power is cut before the operation of this number; null: never.</summary>
    public int? CutBefore { get; set; }

    /// <summary>Asked before each operation with its kind and file; throws what the disk should throw.</summary>
    public Action<DiskOperation, string>? Fault { get; set; }

    /// <summary>The bytes of a file as programs see them; the array may be changed in place.</summary>
    public byte[] this[string name] => _names[name].Now;

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    public IJournalFiles Mount() => new Files(this);

    /// <summary>A disk with the same files, all of them durable.</summary>
    public MemoryDisk Copy()
    {
        var copy = new MemoryDisk();
        foreach (var name in Names)
        {
            copy.Put(name, (byte[])this[name].Clone());
        }

        return copy;
    }

    /// <summary>The disk as the next start finds it.</summary>
    public MemoryDisk AfterPowerCut(Leftovers leftovers, Random random)
    {
        lock (_gate)
        {
            var names = new Dictionary<string, Node>(_durableNames, StringComparer.Ordinal);
            foreach (var change in _unflushedNames.Where(_ => IsKept(leftovers, random)))
            {
                change(names);
            }

            var after = new MemoryDisk();
            foreach (var (name, node) in names)
            {
                after._names[name] = after._durableNames[name] = node.AfterPowerCut(leftovers, random);
            }

            return after;
        }
    }

    /// <summary>Replaces or adds a file, durably.</summary>
    public void Put(string name, byte[] bytes)
    {
        var node = new Node { Name = name };
        node.Put(bytes);
        _names[name] = _durableNames[name] = node;
    }

    public void Remove(string name)
    {
        _ = _names.Remove(name);
        _ = _durableNames.Remove(name);
    }

    private static bool IsKept(Leftovers leftovers, Random random) =>
        leftovers switch
        {
            Leftovers.Nothing => false,
            Leftovers.Everything => true,
            _ => random.Next(2) == 0,
        };

    private T Do<T>(DiskOperation operation, string name, Func<T> act)
    {
        Fault?.Invoke(operation, name);
        lock (_gate)
        {
            if (operation != DiskOperation.Read && Operations++ >= CutBefore)
            {
                Operations = CutBefore.Value;
                throw new IOException("The power is off.");
            }

            return act();
        }
    }

    private void ChangeNames(DiskOperation operation, string name, Action<Dictionary<string, Node>> change) =>
        Do(
            operation,
            name,
            () =>
            {
                change(_names);
                _unflushedNames.Add(change);
                return true;
            }
        );

    private sealed class Files(MemoryDisk disk) : IJournalFiles
    {
        public string Where => "memory";

        public IReadOnlyList<string> Names() => disk.Names;

        public IJournalFile Create(string name, long bytes)
        {
            var node = new Node { Name = name };
            disk.ChangeNames(DiskOperation.Create, name, names => names[name] = node);
            var file = new File(disk, node);
            if (bytes > 0)
            {
                file.SetLength(bytes);
                file.Flush();
            }

            return file;
        }

        public IJournalFile Open(string name, FileUse use) =>
            disk.Do(
                DiskOperation.Read,
                name,
                () =>
                    disk._names.TryGetValue(name, out var node)
                        ? new File(disk, node)
                        : throw new FileNotFoundException(name)
            );

        public void Rename(string from, string to) =>
            disk.ChangeNames(
                DiskOperation.Rename,
                to,
                names =>
                {
                    if (names.Remove(from, out var node))
                    {
                        node.Name = to;
                        names[to] = node;
                    }
                }
            );

        public void Delete(string name) => disk.ChangeNames(DiskOperation.Delete, name, names => names.Remove(name));

        public void FlushNames() =>
            disk.Do(
                DiskOperation.FlushNames,
                "",
                () =>
                {
                    disk._durableNames = new(disk._names, StringComparer.Ordinal);
                    disk._unflushedNames.Clear();
                    return true;
                }
            );

        public void Dispose() { }
    }

    private sealed class File(MemoryDisk disk, Node node) : IJournalFile
    {
        public long Length => node.Now.Length;

        public int Read(Span<byte> into, long offset)
        {
            disk.Fault?.Invoke(DiskOperation.Read, node.Name);
            lock (disk._gate)
            {
                return node.Read(into, offset);
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            var copy = bytes.ToArray();
            disk.Do(DiskOperation.Write, node.Name, () => node.Write(copy, offset));
        }

        public void Flush() => disk.Do(DiskOperation.Flush, node.Name, node.Flush);

        public void SetLength(long bytes) => disk.Do(DiskOperation.SetLength, node.Name, () => node.SetLength(bytes));

        public void Dispose() { }
    }

    private sealed class Node
    {
        private const int SectorBytes = 512;

        private readonly SortedSet<int> _unflushedSectors = [];
        private byte[] _durable = [];

        /// <summary>Its present name; a handle that is open follows it.</summary>
        public required string Name { get; set; }

        public byte[] Now { get; private set; } = [];

        public void Put(byte[] bytes) => (_durable, Now) = ((byte[])bytes.Clone(), bytes);

        public int Read(Span<byte> into, long offset)
        {
            var bytes = (int)Math.Clamp(Now.Length - offset, 0, into.Length);
            Now.AsSpan((int)Math.Min(offset, Now.Length), bytes).CopyTo(into);
            return bytes;
        }

        public bool Write(byte[] bytes, long offset)
        {
            if (offset + bytes.Length > Now.Length)
            {
                _ = SetLength(offset + bytes.Length);
            }

            bytes.CopyTo(Now, offset);
            var last = (offset + bytes.Length - 1) / SectorBytes;
            for (var sector = offset / SectorBytes; bytes.Length > 0 && sector <= last; sector++)
            {
                _ = _unflushedSectors.Add((int)sector);
            }

            return true;
        }

        public bool SetLength(long bytes)
        {
            var now = new byte[bytes];
            Now.AsSpan(0, (int)Math.Min(Now.Length, bytes)).CopyTo(now);
            Now = now;
            return true;
        }

        public bool Flush()
        {
            _durable = (byte[])Now.Clone();
            _unflushedSectors.Clear();
            return true;
        }

        public Node AfterPowerCut(Leftovers leftovers, Random random)
        {
            var bytes = new byte[IsKept(leftovers, random) ? Now.Length : _durable.Length];
            _durable.AsSpan(0, Math.Min(_durable.Length, bytes.Length)).CopyTo(bytes);
            foreach (var start in _unflushedSectors.Select(sector => sector * SectorBytes))
            {
                var length = Math.Min(Math.Min(SectorBytes, Now.Length - start), bytes.Length - start);
                if (length > 0 && IsKept(leftovers, random))
                {
                    Now.AsSpan(start, length).CopyTo(bytes.AsSpan(start));
                }
            }

            var node = new Node { Name = Name };
            node.Put(bytes);
            return node;
        }
    }
}

/// <summary>What the disk is asked to do.</summary>
internal enum DiskOperation
{
    Read,
    Create,
    Write,
    Flush,
    SetLength,
    Rename,
    Delete,
    FlushNames,
}
