using System.Diagnostics;
using System.Globalization;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>
/// PostgreSQL's own programs, as Debian installs them. They refuse to run as root, so root runs them as the user that
/// the package made.
/// </summary>
internal static class PostgresPrograms
{
    private const string User = "postgres";
    private static readonly TimeSpan RunsAtMost = TimeSpan.FromSeconds(60);
    private const string InMemory = "/dev/shm";

    /// <summary>Three times what all tests together write.</summary>
    private const long MemoryBytesMin = 4L << 30;

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly Lazy<bool> HasRoomInMemory = new(() =>
        System.IO.Directory.Exists(InMemory) && new DriveInfo(InMemory).AvailableFreeSpace >= MemoryBytesMin
    );
    private static readonly Lazy<string?> Folder = new(Find);
    private static readonly Lazy<bool> HasUser = new(() =>
        File.Exists("/etc/passwd")
        && File.ReadLines("/etc/passwd").Any(line => line.StartsWith(User + ":", StringComparison.Ordinal))
    );

    /// <summary>Null when PostgreSQL can be run here; otherwise why not.</summary>
    public static string? Missing =>
        Folder.Value is null ? "PostgreSQL is not installed (apt-get install postgresql)"
        : IsRoot && !HasUser.Value ? $"PostgreSQL does not run as root, and there is no user {User}"
        : null;

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>A command line that runs one of the programs as somebody whom it accepts.</summary>
    public static string[] Line(string program, IEnumerable<string> arguments)
    {
        var path = Path.Combine(Folder.Value!, program);
        string[] asUser = IsRoot ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", "--"] : [];
        return [.. asUser, path, .. arguments];
    }

    /// <summary>
    /// A new folder that is the user's alone; in memory where there is room, for each database is hundreds of files, and what
    /// tests kill is a process, not the machine.
    /// </summary>
    public static async Task<string> NewFolderAsync()
    {
        var parent = HasRoomInMemory.Value ? InMemory : Path.GetTempPath();
        var folder = Path.Combine(parent, $"openpresence-postgres-{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The tests run PostgreSQL as Debian has it.");
        }
        System.IO.Directory.CreateDirectory(folder, OwnersAlone);
        if (IsRoot)
        {
            await RunAsync(["chown", $"{User}:", folder]);
        }
        return folder;
    }

    /// <summary>Runs a command to its end; what it wrote, without the last line's end.</summary>
    public static async Task<string> RunAsync(string[] line, string? password = null)
    {
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The user may not enter the folder that the tests were started in.
            WorkingDirectory = "/",
        };
        start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(RunsAtMost);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0
            ? (await output).TrimEnd('\n')
            : throw new InvalidOperationException(
                $"{string.Join(' ', line)} ended with {process.ExitCode}: {await errors}"
            );
    }

    /// <summary>The newest version's folder.</summary>
    private static string? Find()
    {
        const string Root = "/usr/lib/postgresql";
        return System.IO.Directory.Exists(Root)
            ? System
                .IO.Directory.EnumerateDirectories(Root)
                .Select(folder => Path.Combine(folder, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "postgres")))
                .MaxBy(VersionOf)
            : null;
    }

    private static int VersionOf(string bin) =>
        int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;
}
