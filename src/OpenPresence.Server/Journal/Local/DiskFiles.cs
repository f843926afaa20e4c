using Microsoft.Win32.SafeHandles;
using SystemDirectory = System.IO.Directory;

namespace OpenPresence.Server.Journal.Local;

/// <summary>A directory of the operating system, locked for this process.</summary>
internal sealed class DiskFiles : IJournalFiles
{
    private const string LockName = "lock";

    private readonly string _directory;
    private readonly FileStream _lock;

    /// <exception cref="JournalRefusedException">Another process holds the directory.</exception>
    public DiskFiles(string directory)
    {
        _directory = Path.GetFullPath(directory);
        MakeDirectory(_directory);
        _lock = Lock(_directory);
    }

    public string Where => _directory;

    public IReadOnlyList<string> Names() =>
        [.. SystemDirectory.EnumerateFiles(_directory).Select(path => Path.GetFileName(path))];

    public IJournalFile Create(string name, long bytes)
    {
        var file = new DiskFile(Handle(name, FileMode.Create, FileAccess.ReadWrite));
        try
        {
            Zeros.Write(file, 0, bytes);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IJournalFile Open(string name, FileUse use)
    {
        var access = use == FileUse.Write ? FileAccess.ReadWrite : FileAccess.Read;
        var handle = Handle(name, FileMode.Open, access);
        if (use == FileUse.ReadFromDevice)
        {
            Libc.DropFromPageCache(handle);
        }

        return new DiskFile(handle);
    }

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void FlushNames() => Libc.FlushDirectory(_directory);

    public void Dispose() => _lock.Dispose();

    private string PathOf(string name) => Path.Combine(_directory, name);

    // Sharing is left open: the lock file guards the directory, and .NET's own locks would only get in
    // the way of a backup that copies files.
    private SafeFileHandle Handle(string name, FileMode mode, FileAccess access) =>
        File.OpenHandle(PathOf(name), mode, access, FileShare.ReadWrite | FileShare.Delete);

    private static void MakeDirectory(string directory)
    {
        if (SystemDirectory.Exists(directory))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _ = SystemDirectory.CreateDirectory(directory);
        }
        else
        {
            _ = SystemDirectory.CreateDirectory(
                directory,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }

        Libc.FlushDirectory(Path.GetDirectoryName(directory) ?? directory);
    }

    // The operating system drops the lock with the process, however it ends; the number in the file only
    // helps whoever looks for it.
    private static FileStream Lock(string directory)
    {
        var path = Path.Combine(directory, LockName);
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            stream.Flush();
            return stream;
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw Refusals.InUse(directory, e.Message);
        }
    }

    private sealed class DiskFile(SafeFileHandle handle) : IJournalFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> into, long offset)
        {
            var done = 0;
            while (done < into.Length)
            {
                var read = RandomAccess.Read(handle, into[done..], offset + done);
                if (read == 0)
                {
                    break;
                }

                done += read;
            }

            return done;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void Flush() => Libc.FlushData(handle);

        public void SetLength(long bytes) => RandomAccess.SetLength(handle, bytes);

        public void Dispose() => handle.Dispose();
    }
}
