using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Bench.Journal;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Bench.Postgres;

/// <summary>The PostgreSQL journal with a reader that follows, as in a node.</summary>
internal sealed class JournalOnPostgres : IAppendTarget
{
    private readonly Database _database;
    private readonly PostgresJournal _journal;
    private readonly Task _reader;

    private JournalOnPostgres(Database database, PostgresJournal journal, Action<Entry> follow)
    {
        (_database, _journal) = (database, journal);
        var from = journal.LastPosition;
        _reader = Task.Run(() => FollowAsync(from, follow));
    }

    public static async Task<JournalOnPostgres> OpenAsync(
        string connection,
        CancellationToken cancel,
        Action<Entry>? follow = null
    )
    {
        var (database, journal) = await JournalAsync(connection, cancel);
        return new JournalOnPostgres(database, journal, follow ?? (_ => { }));
    }

    /// <summary>Opens a journal; dispose of it first, then of the database.</summary>
    public static async Task<(Database Database, PostgresJournal Journal)> JournalAsync(
        string connection,
        CancellationToken cancel
    )
    {
        var database = await Database.OpenAsync(connection, null, NullLogger.Instance, cancel);
        var journal = await PostgresJournal.OpenAsync(
            database,
            new PostgresJournalOptions(),
            () => default,
            TimeProvider.System,
            NullLogger<PostgresJournal>.Instance,
            cancel
        );
        return (database, journal);
    }

    public ValueTask<Appended> AppendAsync(Guid id, byte[] payload) => _journal.AppendAsync(id, payload, payload);

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _reader;
        await _database.DisposeAsync();
    }

    private async Task FollowAsync(long from, Action<Entry> follow)
    {
        await foreach (var batch in _journal.ReadAsync(from, CancellationToken.None))
        {
            foreach (var entry in batch)
            {
                follow(entry);
            }
        }
    }
}
