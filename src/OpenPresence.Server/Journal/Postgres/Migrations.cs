using System.Globalization;
using System.Reflection;
using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Brings the schema <c>openpresence</c> to what this program knows: the files in <c>Migrations/</c>, each once, in
/// the order of their numbers, all in one transaction and under a lock, so that nodes may start together.
/// A schema that is as it should be is only looked at, which a role without the right to change it can do.
/// </summary>
internal static class Migrations
{
    private const string Folder = "migrations/";

    // Making an index over a large table takes its time.
    private static readonly TimeSpan s_max = TimeSpan.FromMinutes(10);

    /// <summary>The version that this program knows.</summary>
    public static int Known => All.Count;

    private static IReadOnlyList<string> All { get; } =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <exception cref="JournalRefusedException">A newer program has been here.</exception>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        string where,
        ILogger logger,
        CancellationToken cancel
    )
    {
        if (await VersionAsync(connection, cancel) == Known)
        {
            return;
        }

        // Before the transaction, not in it: what this session remembers not to be there, it looks for again when one
        // begins, and not after an advisory lock.
        await using var held = await SessionLock.TakeAsync(connection, AdvisoryLocks.Migration, cancel);
        await MigrateAsync(connection, where, logger, cancel);
    }

    private static async Task MigrateAsync(
        NpgsqlConnection connection,
        string where,
        ILogger logger,
        CancellationToken cancel
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Another node may have done it while this one waited.
        var version = await VersionAsync(connection, cancel);
        if (version > Known)
        {
            throw PostgresRefusals.NewerSchema(where, version, Known);
        }

        await MakeSchemaAsync(connection, cancel);
        for (; version < Known; version++)
        {
            logger.LogInformation("The {Where} gets {Migration}.", where, All[version]);
            await RunAsync(connection, TextOf(All[version]), cancel);
        }

        await RunAsync(
            connection,
            "insert into openpresence.meta (version) values ("
                + version.ToString(CultureInfo.InvariantCulture)
                + ") on conflict (is_only) do update set version = excluded.version",
            cancel
        );
        await transaction.CommitAsync(cancel);
    }

    /// <summary>0: there is nothing yet.</summary>
    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var look = new NpgsqlCommand("select to_regclass('openpresence.meta') is not null", connection);
        if (await look.ExecuteScalarAsync(cancel) is not true)
        {
            return 0;
        }

        look.CommandText = "select version from openpresence.meta";
        return await look.ExecuteScalarAsync(cancel) as int? ?? 0;
    }

    // Not "if not exists": that asks for the right to make schemas, even when somebody else has made this one.
    private static async Task MakeSchemaAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var look = new NpgsqlCommand("select to_regnamespace('openpresence') is not null", connection);
        if (await look.ExecuteScalarAsync(cancel) is not true)
        {
            await RunAsync(connection, "create schema openpresence", cancel);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)s_max.TotalSeconds };
        _ = await command.ExecuteNonQueryAsync(cancel);
    }

    private static string TextOf(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
