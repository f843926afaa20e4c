using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace OpenPresence.Server.Journal.Local;

/// <summary>
/// The three calls that .NET does not offer. Where there is no Linux, the portable one that does at least
/// as much stands in.
/// </summary>
internal static partial class Libc
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY
    private const int CloseOnExec = 0x80000;
    private const int AdviseDontNeed = 4;

    /// <summary>Contents and length, without the time stamps that <c>fsync</c> would also write.</summary>
    public static void FlushData(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        if (fdatasync(file) != 0)
        {
            throw Failure("fdatasync");
        }
    }

    /// <summary>The names in a directory; Windows keeps them durable by itself.</summary>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var flags = OperatingSystem.IsLinux() ? LinuxDirectoryFlags() : 0;
        using var handle = new SafeFileHandle(open(directory, flags), ownsHandle: true);
        if (handle.IsInvalid || fsync(handle) != 0)
        {
            throw Failure($"fsync of {directory}");
        }
    }

    /// <summary>The next read comes from the device. Elsewhere than on Linux this does nothing.</summary>
    public static void DropFromPageCache(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = posix_fadvise(file, 0, 0, AdviseDontNeed);
        }
    }

    // O_DIRECTORY has another value on Arm.
    [SupportedOSPlatform("linux")]
    private static int LinuxDirectoryFlags() =>
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86
            ? ReadOnlyDirectory | CloseOnExec
            : CloseOnExec;

    private static IOException Failure(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_fadvise(SafeFileHandle file, nint offset, nint bytes, int advice);
}
