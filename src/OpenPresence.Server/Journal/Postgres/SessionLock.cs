using System.Data;
using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// One of <see cref="AdvisoryLocks"/>, held by a connection until it is disposed of. It has to be given up by name: a
/// connection that goes back to its pool goes on holding its locks until somebody takes it out again.
/// </summary>
internal sealed class SessionLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly int _number;

    private SessionLock(NpgsqlConnection connection, int number) => (_connection, _number) = (connection, number);

    /// <summary>
    /// Waits for whoever holds it, as long as that one takes: whether it lives, the database knows. Not in a transaction,
    /// which would go on seeing what was there before the wait.
    /// </summary>
    public static async Task<SessionLock> TakeAsync(NpgsqlConnection connection, int number, CancellationToken cancel)
    {
        await using var wait = Command(connection, "pg_advisory_lock", number);
        wait.CommandTimeout = 0;
        _ = await wait.ExecuteNonQueryAsync(cancel);
        return new SessionLock(connection, number);
    }

    /// <summary>Null: another session holds it.</summary>
    public static async Task<SessionLock?> TryTakeAsync(
        NpgsqlConnection connection,
        int number,
        CancellationToken cancel
    )
    {
        await using var attempt = Command(connection, "pg_try_advisory_lock", number);
        return await attempt.ExecuteScalarAsync(cancel) is true ? new SessionLock(connection, number) : null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // A connection that is lost has lost its locks, too.
        if (_connection.State == ConnectionState.Open)
        {
            await using var give = Command(_connection, "pg_advisory_unlock", _number);
            _ = await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string function, int number) =>
        new($"select {function}({AdvisoryLocks.Space}, {number})", connection);
}
