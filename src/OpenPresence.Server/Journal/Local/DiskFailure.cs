namespace OpenPresence.Server.Journal.Local;

/// <summary>What counts as the disk's doing, rather than a bug.</summary>
internal static class DiskFailure
{
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException;
}
