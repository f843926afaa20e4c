using Npgsql;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Cluster;

/// <summary>
/// What only one node may do at a time, and no other while it does: fill an empty database, make keys. Whoever comes meanwhile
/// waits, and then looks whether there is anything left to do.
/// </summary>
internal static class Alone
{
    /// <summary>
    /// Ends once no other node holds the lock; this one does until the result, the connection that holds it, is disposed of.
    /// </summary>
    /// <param name="database">Where the nodes meet.</param>
    /// <param name="number">One of <see cref="AdvisoryLocks"/>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="Journal.JournalUnavailableException">The database cannot be used.</exception>
    public static async Task<IAsyncDisposable> HoldAsync(Database database, int number, CancellationToken cancel)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.OpenAloneAsync(cancel);
            _ = await SessionLock.TakeAsync(connection, number, cancel);
            return connection;
        }
        catch (Exception failure)
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (DatabaseFailure.Is(failure))
            {
                throw DatabaseFailure.Unavailable(database.Where, failure);
            }
            throw;
        }
    }
}
