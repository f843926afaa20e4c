using Npgsql;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>The lock of appends in the hands of a test: nothing is stored until it lets go.</summary>
internal sealed class Held : IAsyncDisposable
{
    private const string Waiting =
        "from pg_locks where locktype = 'advisory' and classid = 20304 and objid = 2 and not granted "
        + "and database = (select oid from pg_database where datname = current_database())";

    /// <summary>Whether an append waits for the lock.</summary>
    public const string SomebodyWaits = "select exists (select " + Waiting + ")";

    /// <summary>Ends the connections of those who wait.</summary>
    public const string EndThoseWhoWait = "select count(pg_terminate_backend(pid)) " + Waiting;

    private readonly NpgsqlConnection _connection;

    private Held(NpgsqlConnection connection) => _connection = connection;

    public static async Task<Held> AppendLockAsync(string connection)
    {
        Assert.Equal((20304, 2), (AdvisoryLocks.Space, AdvisoryLocks.Append));
        var held = new Held(new NpgsqlConnection(connection + ";Pooling=false"));
        await held._connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"select pg_advisory_lock({AdvisoryLocks.Space}, {AdvisoryLocks.Append})",
            held._connection
        );
        _ = await command.ExecuteNonQueryAsync();
        return held;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
