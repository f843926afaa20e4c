using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Copying;

/// <summary>Every sentence with which a copy is refused before it begins.</summary>
internal static class Refusals
{
    public static JournalRefusedException NothingThere(string where) =>
        new(JournalRefusal.EntriesMissing, $"There is no journal in {where}, or an empty one.");

    public static JournalRefusedException Served(string where, IEnumerable<string> nodes) =>
        new(JournalRefusal.InUse, $"Nodes serve from {where}: {string.Join(", ", nodes)}. Stop them first.");

    public static JournalRefusedException NotEmpty(string where) =>
        new(
            JournalRefusal.InUse,
            $"There is a journal in {where} already. A copy needs an empty place: what is there would "
                + "be lost, and the two cannot be joined."
        );
}
