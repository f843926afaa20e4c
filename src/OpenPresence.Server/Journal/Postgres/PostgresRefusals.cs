using Npgsql;
using OpenPresence.Engine;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>Every sentence with which the PostgreSQL journal refuses to go on, and the ways out it offers.</summary>
internal static class PostgresRefusals
{
    public static JournalRefusedException Setting(string fault) =>
        new(JournalRefusal.UnknownFormat, $"journal: {fault}");

    public static JournalRefusedException ServerTooOld(string where, Version found, int wanted) =>
        new(JournalRefusal.UnknownFormat, $"The {where} is PostgreSQL {found.Major}; {wanted} or later is needed.");

    public static JournalRefusedException NewerSchema(string where, int found, int known) =>
        new(
            JournalRefusal.UnknownFormat,
            $"The {where} has schema version {found}; this program knows {known}. A newer program "
                + "has migrated it: start that one."
        );

    public static JournalRefusedException ClockBehind(Instant lastAt, Instant now, TimeSpan max) =>
        new(
            JournalRefusal.ClockBehind,
            $"The journal's last entry is from {lastAt}, but the database's clock says {now}; more "
                + $"than {max} apart. Set the clock of the database's machine right: presence would "
                + "stand still until it has caught up."
        );

    public static JournalRefusedException Diverged(string where, long position) =>
        new(
            JournalRefusal.Diverged,
            $"The {where} does not hold what this node applied at position {position}: another "
                + "server has taken its place that had not got everything, or a backup was put "
                + "back. The node has to load the state anew.",
            position
        );

    public static JournalRefusedException EntriesMissing(long position, long? oldest) =>
        new(
            JournalRefusal.EntriesMissing,
            $"The journal no longer has the entry after position {position}"
                + (oldest is null ? ". " : $"; its oldest is {oldest}. ")
                + "The node has to load the newest snapshot.",
            position + 1
        );

    public static JournalRefusedException Damaged(long first, long last) =>
        new(
            JournalRefusal.Damaged,
            $"{(first == last ? $"Entry {first} is" : $"Entries {first} to {last} are")} damaged in the "
                + "database: the checksum differs. Promote a replica that is whole, or put a "
                + "backup back.",
            first
        );

    /// <param name="position">Of the snapshot.</param>
    /// <param name="chunk">The first that is not what was written.</param>
    /// <param name="found">What the database said of it; null: it gave it out, and the bytes are wrong.</param>
    public static JournalRefusedException SnapshotDamaged(long position, int chunk, PostgresException? found = null) =>
        new(
            JournalRefusal.Damaged,
            $"The snapshot at position {position} is damaged in the database, in its chunk {chunk}"
                + (found is null ? "." : $": {found.MessageText}."),
            position
        );

    public static JournalRefusedException NoSnapshotWhole(long position) =>
        new(
            JournalRefusal.Damaged,
            $"The snapshot at position {position} is damaged in the database, as are those after it, and "
                + "what is before it is gone. Promote a replica that is whole, or put a backup back.",
            position
        );
}
