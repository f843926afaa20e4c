using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>
/// A real PostgreSQL in a folder of its own, on a free port, gone afterwards with everything it wrote. It can be stopped,
/// killed like a power cut, started again, followed by a standby, and the standby promoted.
///
/// <para>Databases belong to a role without any privileges beyond them, as the documentation advises for a server that
/// serves; <see cref="SqlAsync"/> is the administrator.</para>
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string Administrator = "postgres";

    /// <summary>Owns the databases of tests.</summary>
    public const string Role = "openpresence";

    /// <summary>What a standby calls itself, for <c>synchronous_standby_names</c>.</summary>
    private const string StandbyName = "standby";

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    private readonly PostgresSettings settings;
    private readonly string folder;
    private PostgresProcess? process;
    private int databases;

    private PostgresServer(PostgresSettings settings, string folder, int port) =>
        (this.settings, this.folder, Port) = (settings, folder, port);

    /// <summary>Null when PostgreSQL can be run here; otherwise why not.</summary>
    public static string? Missing => PostgresPrograms.Missing;

    public int Port { get; }

    /// <summary>Of the role and of the administrator.</summary>
    public static string Password => PostgresTemplate.Password;

    private string Data => Path.Combine(folder, "data");

    /// <summary>Makes a cluster and starts it. Not where it is <see cref="Missing"/>.</summary>
    public static async Task<PostgresServer> StartAsync(PostgresSettings? settings = null, int? port = null)
    {
        var server = await NewAsync(settings ?? new(), port);
        try
        {
            await PostgresTemplate.CopyToAsync(server.Data);
            await server.StartAgainAsync();
            await server.SqlAsync($"create role {Role} login password '{Password}'");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty database; the connection string of its owner.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await SqlAsync($"create database {name} owner {Role}");
        return ConnectionString(name);
    }

    public string ConnectionString(string database, string user = Role) =>
        $"Host={settings.Address};Port={Port};Database={database};Username={user};Password={Password}";

    /// <summary>
    /// One statement as the administrator, by the socket in the server's folder, which no broken network is in the way of:
    /// what it answers in PostgreSQL's own text, a row a line, columns parted by a bar.
    /// </summary>
    public async Task<string> SqlAsync(string statement, string database = Administrator)
    {
        await using var connection = new NpgsqlConnection(
            $"Host={folder};Port={Port};Database={database};Username={Administrator};Password={Password};Pooling=false"
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection)
        {
            AllResultTypesAreUnknown = true,
            CommandTimeout = (int)WaitMax.TotalSeconds,
        };
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(column => $"{rows[column]}")));
        }
        return string.Join('\n', lines);
    }

    /// <summary>Starts it after <see cref="StopAsync"/> or <see cref="KillAsync"/>; recovers what there is to recover.</summary>
    public async Task StartAgainAsync()
    {
        process = await PostgresProcess.StartAsync(
            [.. settings.Within, .. PostgresPrograms.Line("postgres", settings.Options(Data, folder, Port))],
            folder,
            Data
        );
    }

    /// <summary>Ends it in good order, whoever is connected; leaves its files.</summary>
    public Task StopAsync() => process!.StopAsync();

    /// <summary>Ends all of its processes at once and without a word; leaves its files.</summary>
    public Task KillAsync() => process!.KillAsync();

    /// <summary>A standby on another port, which follows this one.</summary>
    /// <param name="isSynchronous">Whether from now on a commit waits until the standby has it.</param>
    /// <param name="port">Where; null: a free one.</param>
    public async Task<PostgresServer> StartStandbyAsync(bool isSynchronous = false, int? port = null)
    {
        var standby = await NewAsync(settings, port);
        standby.databases = 1_000;
        try
        {
            await standby.CopyAsync(Conninfo(Administrator) + $" application_name={StandbyName}");
            await standby.StartAgainAsync();
            if (isSynchronous)
            {
                await SqlAsync($"alter system set synchronous_standby_names = '{StandbyName}'");
                await SqlAsync("select pg_reload_conf()");
                await InSyncAsync();
            }
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the standby that every commit waits for is there.</summary>
    public Task InSyncAsync() => UntilAsync("select sync_state from pg_stat_replication", "sync");

    /// <summary>Lets a standby get nothing more: what its server goes on to commit it will never have.</summary>
    public async Task StopReceivingAsync()
    {
        await SqlAsync("alter system set primary_conninfo = ''");
        await SqlAsync("select pg_reload_conf()");
        await UntilAsync("select count(*) from pg_stat_wal_receiver", "0");
    }

    /// <summary>Makes a standby the one that takes writes.</summary>
    public Task PromoteAsync() => SqlAsync("select pg_promote(true, 30)");

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.QuitAsync();
        }
        if (System.IO.Directory.Exists(folder))
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<PostgresServer> NewAsync(PostgresSettings settings, int? port) =>
        new(settings, await PostgresPrograms.NewFolderAsync(), port ?? FreePorts(1)[0]);

    private Task<string> CopyAsync(string from) =>
        PostgresPrograms.RunAsync(
            [
                .. settings.Within,
                .. PostgresPrograms.Line(
                    "pg_basebackup",
                    ["-D", Data, "-d", from, "--write-recovery-conf", "-X", "stream", "-c", "fast", "-N"]
                ),
            ],
            Password
        );

    /// <summary>Waits until a statement answers what is expected.</summary>
    public Task UntilAsync(string statement, string expected, string database = Administrator) =>
        Eventually.SeenAsync(() => SqlAsync(statement, database), said => said == expected, what: statement);

    private string Conninfo(string database) =>
        $"host={settings.Address} port={Port} user={Administrator} dbname={database} " + $"password={Password}";

    /// <summary>Ports that nobody listens on; all are held until all are known, so that no two are equal.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, listener => listener.Start());
        var ports = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
