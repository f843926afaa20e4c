using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Hosting;

/// <summary>Opens the journal that the settings choose: files of this node, or a database that several share.</summary>
internal static class Journals
{
    /// <exception cref="JournalRefusedException">The operator has to look at it.</exception>
    /// <exception cref="JournalUnavailableException">The database cannot be used at the moment.</exception>
    public static async Task<(IJournal Journal, Database? Database)> OpenAsync(
        ServerOptions options,
        NodeClock clock,
        TimeProvider time,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        if (options.Journal is null)
        {
            return (OpenLocal(options, clock, time, logs), null);
        }

        var database = await Database.OpenAsync(
            options.Journal,
            options.JournalPasswordFile,
            logs.CreateLogger<Database>(),
            cancel
        );
        try
        {
            return (await OpenSharedAsync(database, options, clock, time, logs, cancel), database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static LocalJournal OpenLocal(
        ServerOptions options,
        NodeClock clock,
        TimeProvider time,
        ILoggerFactory logs
    ) =>
        LocalJournal.Open(
            new LocalJournalOptions
            {
                Directory = Path.Combine(options.DataDirectory, DataFolders.Journal),
                TruncateAt = options.JournalTruncateAt,
                ClockLeadMax = ClockLeadMax(options),
            },
            () => clock.Now,
            time,
            logs.CreateLogger<LocalJournal>()
        );

    private static async Task<PostgresJournal> OpenSharedAsync(
        Database database,
        ServerOptions options,
        NodeClock clock,
        TimeProvider time,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        var journal = await PostgresJournal.OpenAsync(
            database,
            new PostgresJournalOptions { ClockLeadMax = ClockLeadMax(options) },
            () => new JournalClock(clock.Current.Offset, clock.Current.FrozenAt),
            time,
            logs.CreateLogger<PostgresJournal>(),
            cancel
        );
        // Deadlines are due by the clock that will stamp the entry that crosses them.
        clock.Ahead = () => journal.ClockAhead;
        return journal;
    }

    /// <summary>In development the clock can be moved ahead, so the last entry may lie far beyond the system's.</summary>
    private static TimeSpan ClockLeadMax(ServerOptions options) =>
        options.Profile == Profile.Development ? TimeSpan.MaxValue : IJournal.ClockLeadMaxDefault;
}
