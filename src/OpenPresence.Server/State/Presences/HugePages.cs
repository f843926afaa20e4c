using System.Runtime.InteropServices;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Asks the kernel to map memory by 2 MB instead of 4 KB, so that the processor finds the places of a large table without
/// a second miss for the map itself. A wish: where it is not heard (other systems, <c>transparent_hugepage</c> = never,
/// fragmented memory) everything works as before.
/// </summary>
internal static partial class HugePages
{
    /// <summary>What one is, on x64 and on Arm with pages of 4 KB.</summary>
    public const int Bytes = 2 << 20;

    private const int AdviseHugePage = 14;

    /// <summary>Wishes it for memory that begins and ends on a multiple of <see cref="Bytes"/> and was not touched yet.</summary>
    public static void WishFor(nint start, nint length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = madvise(start, length, AdviseHugePage);
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int madvise(nint address, nint length, int advice);
}
