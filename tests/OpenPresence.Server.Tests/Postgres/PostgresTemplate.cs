using System.Diagnostics;
using System.Security.Cryptography;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>The files of a new cluster, made once for all servers of a run: to copy them is cheaper than to make them.</summary>
internal static class PostgresTemplate
{
    /// <summary>However the tests end, their end of its input is closed.</summary>
    private const string RemovingAtTheEnd = "read -r _; rm -rf \"$1\"";

    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    /// <summary>Held, for the collector would close its input.</summary>
    private static Process? removing;

    /// <summary>The administrator's, on every server.</summary>
    public static string Password { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));

    /// <summary>Makes a cluster in a folder that does not exist yet.</summary>
    public static async Task CopyToAsync(string data) =>
        await PostgresPrograms.RunAsync(["cp", "-a", DataIn(await Made.Value), data]);

    private static string DataIn(string folder) => Path.Combine(folder, "data");

    private static async Task<string> MakeAsync()
    {
        var folder = await PostgresPrograms.NewFolderAsync();
        removing = Process.Start(
            new ProcessStartInfo("sh", ["-c", RemovingAtTheEnd, "template", folder])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                WorkingDirectory = "/",
            }
        );
        var secret = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(secret, Password);
        string[] access = ["--username", PostgresServer.Administrator, "--pwfile", secret, "--auth=scram-sha-256"];
        // Small segments, so that there is less to copy.
        string[] form = ["--encoding=UTF8", "--locale=C", "--wal-segsize=1", "--no-sync"];
        await PostgresPrograms.RunAsync(
            PostgresPrograms.Line("initdb", ["--pgdata", DataIn(folder), .. access, .. form])
        );
        File.Delete(secret);
        await File.WriteAllLinesAsync(
            Path.Combine(DataIn(folder), "pg_hba.conf"),
            ["local all all scram-sha-256", "host all all all scram-sha-256", "host replication all all scram-sha-256"]
        );
        return folder;
    }
}
