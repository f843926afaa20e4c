using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>The PostgreSQL journal, over a real server.</summary>
public sealed class PostgresJournalContract(SharedPostgres shared) : JournalContract, IAsyncDisposable
{
    private string? _connection;
    private Database? _database;

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? default;

    protected override async ValueTask<IJournal> OpenAsync()
    {
        _connection ??= await shared.CreateDatabaseAsync();
        _database ??= await Database.OpenAsync(_connection, null, NullLogger.Instance, CancellationToken.None);
        return await PostgresJournal.OpenAsync(
            _database,
            new PostgresJournalOptions(),
            () => new JournalClock(TimeSpan.Zero, Instant.From(Clock.GetUtcNow())),
            TimeProvider.System,
            NullLogger<PostgresJournal>.Instance,
            CancellationToken.None
        );
    }

    protected override Task DamageSnapshotAsync(long position) => _connection!.DamageSnapshotAsync(position);
}
