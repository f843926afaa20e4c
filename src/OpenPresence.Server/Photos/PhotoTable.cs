using Npgsql;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Photos;

/// <summary>
/// The pictures of all nodes, where several share a database: a row for each, by its SHA-256. A node keeps those that it
/// was asked for as files, and asks here for the others.
/// </summary>
public sealed class PhotoTable(Database database)
{
    /// <summary>
    /// So long nothing is removed after it was stored last: somebody may be about to name it, and this node may not
    /// know yet who did.
    /// </summary>
    public static readonly TimeSpan KeptAtLeast = TimeSpan.FromDays(1);

    /// <summary>Pictures that one statement removes.</summary>
    private const int RemovedAtOnceMax = 100;

    /// <summary>Keeps a picture; when this returns, it survives a power cut.</summary>
    /// <exception cref="Journal.JournalUnavailableException">It could not be stored.</exception>
    public Task StoreAsync(string name, ReadOnlyMemory<byte> picture) =>
        RunAsync(
            """
            insert into openpresence.photos (sha256, content) values ($1, $2)
            on conflict (sha256) do update set stored_at = clock_timestamp()
            """,
            async command =>
            {
                command.Parameters.Add(new() { Value = name });
                command.Parameters.Add(new() { Value = picture });
                return await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
        );

    /// <summary>A picture; null: it was never stored.</summary>
    /// <exception cref="Journal.JournalUnavailableException">The database cannot be asked.</exception>
    public Task<byte[]?> ReadAsync(string name, CancellationToken cancel) =>
        RunAsync(
            "select content from openpresence.photos where sha256 = $1",
            async command =>
            {
                command.Parameters.Add(new() { Value = name });
                return await command.ExecuteScalarAsync(cancel) as byte[];
            }
        );

    /// <summary>
    /// Removes the pictures whose names begin so, that no person has, and that were not stored lately.
    /// </summary>
    /// <param name="beginning">How their names begin.</param>
    /// <param name="usedNow">Those that a person has, of these names.</param>
    /// <returns>How many went.</returns>
    /// <exception cref="Journal.JournalUnavailableException">The database cannot be used.</exception>
    public async Task<int> SweepAsync(string beginning, Func<IReadOnlySet<string>> usedNow)
    {
        var names = await OldAsync(beginning);
        if (names.Count == 0)
        {
            return 0;
        }
        var used = usedNow();
        var removed = 0;
        foreach (var some in names.Where(name => !used.Contains(name)).Chunk(RemovedAtOnceMax))
        {
            removed += await RunAsync(
                """
                delete from openpresence.photos
                where sha256 = any($1) and stored_at < clock_timestamp() - $2
                """,
                async command =>
                {
                    command.Parameters.Add(new() { Value = some });
                    command.Parameters.Add(new() { Value = KeptAtLeast });
                    return await command.ExecuteNonQueryAsync(CancellationToken.None);
                }
            );
        }
        return removed;
    }

    private Task<List<string>> OldAsync(string beginning) =>
        RunAsync(
            """
            select sha256 from openpresence.photos
            where starts_with(sha256, $1) and stored_at < clock_timestamp() - $2
            """,
            async command =>
            {
                command.Parameters.Add(new() { Value = beginning });
                command.Parameters.Add(new() { Value = KeptAtLeast });
                List<string> names = [];
                await using var rows = await command.ExecuteReaderAsync(CancellationToken.None);
                while (await rows.ReadAsync(CancellationToken.None))
                {
                    names.Add(rows.GetString(0));
                }
                return names;
            }
        );

    private async Task<T> RunAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> run)
    {
        try
        {
            await using var command = database.Source.CreateCommand(sql);
            return await run(command);
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            throw DatabaseFailure.Unavailable(database.Where, failure);
        }
    }
}
