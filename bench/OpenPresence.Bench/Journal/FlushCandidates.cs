using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Journal;

/// <summary>
/// The ways to make one batch durable that the journal's format was chosen from: a batch of 64 entries, again and
/// again, one way after the other and back. Linux only, since two of them exist only there.
/// </summary>
internal static partial class FlushCandidates
{
    private const int BatchBytes = 64 * 112;
    private const int BlockBytes = 4096;
    private const long FileBytes = 16 << 20;
    private const int Rounds = 4;
    private const int WriteOnly = 1;
    private const int Direct = 0x4000;
    private const int DataSync = 0x1000;

    private static readonly Candidate[] s_all =
    [
        new("flush-grow-fsync", Prepared.Nothing, 0, RandomAccess.FlushToDisk),
        new("flush-grow-fdatasync", Prepared.Nothing, 0, Libc.FlushData),
        new("flush-allocated-fdatasync", Prepared.Allocated, 0, Libc.FlushData),
        new("flush-zeroed-fdatasync", Prepared.Zeroed, 0, Libc.FlushData),
        new("flush-zeroed-dsync", Prepared.Zeroed, DataSync, _ => { }),
        new("flush-zeroed-direct-dsync", Prepared.Zeroed, Direct | DataSync, _ => { }),
    ];

    private enum Prepared
    {
        Nothing,
        Allocated,
        Zeroed,
    }

    public static IReadOnlyList<BenchResult> Run(string directory, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return [];
        }

        _ = Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "candidate");
        var medians = s_all.ToDictionary(c => c, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var candidate in round % 2 == 0 ? s_all : s_all.Reverse())
            {
                cancel.ThrowIfCancellationRequested();
                medians[candidate].Add(Measure(candidate, path));
            }
        }

        return [.. s_all.Select(c => new BenchResult(c.Name, Median.Of(medians[c]), "us", null, null))];
    }

    /// <summary>Microseconds for one batch, the median.</summary>
    private static double Measure(Candidate candidate, string path)
    {
        Prepare(candidate.Prepared, path);
        using var file = new SafeFileHandle(open(path, WriteOnly | candidate.Flags), true);
        var batch = Aligned(BatchBytes + (2 * BlockBytes));
        var direct = (candidate.Flags & Direct) != 0;
        var micros = new List<double>();
        for (var offset = 0L; offset + BatchBytes + BlockBytes <= FileBytes; offset += BatchBytes)
        {
            // Direct writes take whole blocks: the one that the batch before ended in is written again.
            var from = direct ? offset & -BlockBytes : offset;
            var to = direct ? (offset + BatchBytes + BlockBytes - 1) & -BlockBytes : offset + BatchBytes;
            var start = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, batch.Span[..(int)(to - from)], from);
            candidate.Flush(file);
            micros.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        File.Delete(path);
        return Median.Of(micros);
    }

    private static void Prepare(Prepared prepared, string path)
    {
        var bytes = prepared == Prepared.Allocated ? FileBytes : 0;
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, preallocationSize: bytes);
        if (prepared == Prepared.Zeroed)
        {
            RandomAccess.Write(file, new byte[FileBytes], 0);
        }

        RandomAccess.FlushToDisk(file);
    }

    private static Memory<byte> Aligned(int bytes)
    {
        var pinned = GC.AllocateArray<byte>(bytes + BlockBytes, pinned: true);
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        var skipped = (int)((BlockBytes - (address % BlockBytes)) % BlockBytes);
        pinned.AsSpan().Fill(7);
        return pinned.AsMemory(skipped);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    private sealed record Candidate(string Name, Prepared Prepared, int Flags, Action<SafeFileHandle> Flush);
}
