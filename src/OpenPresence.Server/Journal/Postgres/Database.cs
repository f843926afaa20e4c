using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// The database that several nodes share: connections to it, and a schema that is as this program needs it.
/// </summary>
/// <remarks>
/// The driver gets no logger, and nothing of the connection string but host and database is ever put in words.
/// </remarks>
public sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource _alone;

    private Database(DatabaseAddress address, NpgsqlDataSource source)
    {
        (Where, Source) = (address.Where, source);
        _alone = address.Build(isPooled: false);
    }

    /// <summary>Gives connections; dispose of each.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>The database in words that may be shown.</summary>
    public string Where { get; }

    /// <summary>Connects, and makes or migrates the schema if need be.</summary>
    /// <param name="connection">The setting <c>journal</c>.</param>
    /// <param name="passwordFile">The setting <c>journalPasswordFile</c>.</param>
    /// <param name="logger">Told of migrations, and of settings of the server that lose data.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="JournalRefusedException">The operator has to look at it; says what to do.</exception>
    /// <exception cref="JournalUnavailableException">It cannot be reached; try again later.</exception>
    public static async Task<Database> OpenAsync(
        string connection,
        string? passwordFile,
        ILogger logger,
        CancellationToken cancel
    )
    {
        var address =
            DatabaseAddress.TryParse(connection, passwordFile, out var fault) ?? throw PostgresRefusals.Setting(fault!);
        var source = address.Build();
        try
        {
            await using var first = await source.OpenConnectionAsync(cancel);
            await ServerCheck.RunAsync(first, address.Where, logger, cancel);
            await Migrations.RunAsync(first, address.Where, logger, cancel);
            return new Database(address, source);
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            if (DatabaseFailure.Is(e))
            {
                throw DatabaseFailure.Unavailable(address.Where, e);
            }

            throw;
        }
    }

    /// <summary>
    /// A connection of its own: what it holds is free as soon as it is disposed of. One of the pool goes on holding its locks
    /// until somebody else gets it.
    /// </summary>
    public ValueTask<NpgsqlConnection> OpenAloneAsync(CancellationToken cancel) => _alone.OpenConnectionAsync(cancel);

    /// <summary>Carries out a statement that answers nothing.</summary>
    internal static async Task SendAsync(NpgsqlConnection connection, string statement, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        _ = await command.ExecuteNonQueryAsync(cancel);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _alone.DisposeAsync();
        await Source.DisposeAsync();
    }
}
