using Microsoft.Win32.SafeHandles;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Journal;

/// <summary>How a plain file is made durable.</summary>
internal enum PlainFlush
{
    /// <summary>The file grows; fsync.</summary>
    Fsync,

    /// <summary>Zeros were written ahead; fdatasync: what the journal does.</summary>
    PreparedFdatasync,
}

/// <summary>The ceiling of the local journal: records copied into a file as they are, and flushed.</summary>
internal sealed class PlainAppendFile : PlainAppends
{
    private const long PreparedBytes = 32 << 20;

    private readonly SafeFileHandle _file;
    private readonly PlainFlush _flush;
    private long _offset;

    public PlainAppendFile(string directory, PlainFlush flush)
    {
        _ = Directory.CreateDirectory(directory);
        _file = File.OpenHandle(Path.Combine(directory, "plain"), FileMode.Create, FileAccess.ReadWrite);
        _flush = flush;
        if (flush == PlainFlush.PreparedFdatasync)
        {
            var zeros = new byte[BufferBytes];
            for (var offset = 0L; offset < PreparedBytes; offset += BufferBytes)
            {
                RandomAccess.Write(_file, zeros, offset);
            }

            RandomAccess.FlushToDisk(_file);
        }

        Start();
    }

    protected override void Store(ReadOnlyMemory<byte> records, int count)
    {
        // The prepared file is used in a circle, so that making it does not count.
        if (_flush == PlainFlush.PreparedFdatasync && _offset + records.Length > PreparedBytes)
        {
            _offset = 0;
        }

        RandomAccess.Write(_file, records.Span, _offset);
        _offset += records.Length;
        if (_flush == PlainFlush.Fsync)
        {
            RandomAccess.FlushToDisk(_file);
        }
        else
        {
            Libc.FlushData(_file);
        }
    }

    protected override void Close() => _file.Dispose();
}
