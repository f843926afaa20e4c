namespace OpenPresence.Server.Journal.Local;

/// <summary>Every sentence with which the local journal refuses to go on, and the ways out it offers.</summary>
internal static class Refusals
{
    public static JournalRefusedException InUse(string directory, string detail) =>
        new(
            JournalRefusal.InUse,
            $"Another server uses the journal in {directory} (its process id is in the file 'lock'). "
                + $"Stop it, or choose another data directory. {detail}"
        );

    public static JournalRefusedException ClockBehind(DateTimeOffset lastAt, DateTimeOffset now, TimeSpan leadMax) =>
        new(
            JournalRefusal.ClockBehind,
            $"The journal's last entry is from {lastAt:O}, but the clock says {now:O}; more than "
                + $"{leadMax} apart. Set the clock right, or allow a larger lead if the entry is "
                + "really from the future: presence stands still until the clock has caught up."
        );

    public static JournalRefusedException UnknownVersion(string name, uint version, uint known) =>
        new(
            JournalRefusal.UnknownFormat,
            $"{name} has file format version {version}; this program knows {known}. "
                + "Start the program that wrote it, or a newer one."
        );

    public static JournalRefusedException HeaderDamaged(string name, long? first) =>
        new(JournalRefusal.Damaged, $"The header of {name} is damaged. {WaysOut(first ?? 0)}", first);

    public static JournalRefusedException Damaged(string name, long offset, long first, long last) =>
        new(
            JournalRefusal.Damaged,
            $"{(first == last ? $"Entry {first} is" : $"Entries {first} to {last} are")} damaged, in "
                + $"{name} at byte {offset}. They had been stored safely, so this is not the trace "
                + $"of a crash. {WaysOut(first)}",
            first
        );

    public static JournalRefusedException EntriesMissing(long position, long? oldest) =>
        new(
            JournalRefusal.EntriesMissing,
            $"The journal no longer has the entry after position {position}"
                + (oldest is null ? "; it has none. " : $"; its oldest is {oldest}. ")
                + "Put back the missing .entries or .snapshot files from a backup.",
            position + 1
        );

    private static string WaysOut(long position) =>
        "Put the file back from a backup; or, to go on without that entry and everything after it, "
        + $"start once with --journal-truncate-at {position} (what is cut is set aside as .cut).";
}
