using OpenPresence.Server.Tests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>
/// The one PostgreSQL for all tests that only want a database; started with the first, ended with the last. Who stops or
/// kills it starts one of its own: <see cref="PostgresServer.StartAsync"/>.
/// </summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> server = new(() => PostgresServer.StartAsync());

    /// <summary>Skips the test where PostgreSQL cannot be had.</summary>
    public static void Want() => Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");

    /// <summary>A new, empty database; skips the test where there is no PostgreSQL.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        Want();
        return await (await server.Value).CreateDatabaseAsync();
    }

    /// <summary>One statement as the administrator.</summary>
    internal async Task SqlAsync(string statement, string database) =>
        await (await server.Value).SqlAsync(statement, database);

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
