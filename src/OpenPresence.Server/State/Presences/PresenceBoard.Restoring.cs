using OpenPresence.Engine;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Presences;

/// <content>
/// What a start calls, on an empty board: where it stands, then its rows in order. Rows are added to the index some
/// hundred at a time, when their lines there have come into the caches; one after the other, that alone would be a
/// quarter of a start.
/// </content>
public sealed partial class PresenceBoard
{
    /// <summary>A count that nothing has proven yet makes room for no more people than this.</summary>
    private const int ReserveMax = 1 << 24;

    private int entered;

    /// <summary>Says where a restored board stands, and how many people will come; before its rows.</summary>
    /// <exception cref="InvalidDataException">This program does not know the rules.</exception>
    public void RestoreNow(Instant at, int rulesVersion, int people)
    {
        Rules = KnownRules(rulesVersion);
        time.StartAt(at);
        index.Reserve(Math.Clamp(people, 0, ReserveMax));
    }

    /// <summary>Takes in a row that no person has.</summary>
    public void RestoreFree() => Rows.Restore(default);

    /// <summary>Takes in a row with its record.</summary>
    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public void Restore(PersonRow row, Guid tenantId, PersonFlags flags, PresenceRecord record)
    {
        index.Warm(row.Id);
        row.Tenant = Tenants.GetOrAdd(tenantId);
        Tenants.CountPeople(row.Tenant, 1);
        var number = Rows.Restore(row);
        Rows.Store(number, record, RowPacking.Fits(record) ? null : Rules.Merge(record, Now));
        if (row.Pair >= PairNumbers.Count || Rows.FlagsOf(number) != flags)
        {
            throw PackedReader.Broken();
        }
        time.Arm(number, Rules.NextChangeAt(record, Now));
    }

    /// <summary>Lets readers find those who were restored since the last call.</summary>
    /// <exception cref="InvalidDataException">An id came twice.</exception>
    public void EnterRestored()
    {
        for (; entered < Rows.Count; entered++)
        {
            if (Rows[entered].Id != Guid.Empty && !index.TryAdd(EntryOf(entered)))
            {
                throw PackedReader.Broken();
            }
        }
    }
}
