using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// The node's memory: what results from applying every entry of the journal in order. One writer, and any
/// number of readers, who never wait, never see half a change and need no clock: time has passed as far as
/// the last entry says. What readers call is in this file, what the writer calls in the other one.
///
/// A write goes: row, side data, index entry, feed. A reader goes the other way, from the index entry to the
/// row and its side data. So it may see newer side data than the entry promised, which is whole in itself, but
/// never older; and what was read of in the feed is on the board. Rows are reused for other people, so
/// whatever a reader finds over a row's number, it asks whose it is; when it is another person's, the index
/// entry is out of date by now, and it begins again.
/// </summary>
public sealed partial class PresenceBoard
{
    private readonly PersonIndex index = new();

    /// <summary>The rows; the writer's, and a snapshot's.</summary>
    public PersonRows Rows { get; } = new();

    /// <summary>The tenants' numbers.</summary>
    public TenantNumbers Tenants { get; } = new();

    /// <summary>Every visible difference, in order.</summary>
    public ChangeFeed Feed { get; } = new();

    /// <summary>How far time has been carried: the instant of the last entry.</summary>
    public Instant Now => time.Now;

    /// <summary>How many people there are.</summary>
    public int People => index.Count;

    /// <summary>What a reader sees of a person; false: no person of the tenant has that id.</summary>
    public bool TryRead(ushort tenant, in Guid id, out PersonView view)
    {
        var spin = default(SpinWait);
        while (index.TryFind(id, out var entry) && entry.Tenant == tenant)
        {
            if (!entry.HasSideData)
            {
                view = new PersonView(entry, null);
                return true;
            }
            if (Rows.SideOf(entry.Row) is { } side && side.PersonId == id)
            {
                view = new PersonView(entry, side);
                return true;
            }
            // The writer came between the entry and the side data: look again.
            spin.SpinOnce(sleep1Threshold: -1);
        }
        view = default;
        return false;
    }

    /// <summary>
    /// The entries of many people, each at its id's place. An empty id, or another tenant's number, stands
    /// for nobody; detail is read by <see cref="TryRead"/>.
    /// </summary>
    public void FindMany(ReadOnlySpan<Guid> ids, Span<PersonEntry> found) => index.FindMany(ids, found);

    /// <summary>The tenant of a person.</summary>
    public bool TryGetTenantOf(in Guid id, out Guid tenantId)
    {
        var isKnown = index.TryFind(id, out var entry);
        tenantId = isKnown ? Tenants.IdOf(entry.Tenant) : Guid.Empty;
        return isKnown;
    }

    /// <summary>Since when a person's pair holds, and when the person was seen last.</summary>
    public bool TryReadTimes(ushort tenant, in Guid id, out PersonTimes times)
    {
        var spin = default(SpinWait);
        while (index.TryFind(id, out var entry) && entry.Tenant == tenant)
        {
            // The sequence is the first of a row to be written, so between two equal looks nothing was.
            if (Rows.SequenceOf(entry.Row) == entry.Sequence)
            {
                times = Rows.TimesOf(entry.Row);
                Volatile.ReadBarrier();
                if (Rows.SequenceOf(entry.Row) == entry.Sequence && Rows[entry.Row].Id == id)
                {
                    return true;
                }
            }
            spin.SpinOnce(sleep1Threshold: -1);
        }
        times = default;
        return false;
    }

    /// <summary>
    /// People of a tenant whose presence changed after a journal position, as they are now: for whoever fell
    /// behind the feed. Who was removed is not among them. Goes on from <paramref name="row"/>; there are no more
    /// once nothing is returned, or with <paramref name="rowsMax"/>, which bounds how long it takes, once the row is
    /// behind the last one.
    /// </summary>
    /// <remarks>People who change meanwhile may be missed; the feed, followed from before the first call, has them.</remarks>
    public int ChangedSince(
        ushort tenant,
        long position,
        ref int row,
        Span<PersonEntry> found,
        int rowsMax = int.MaxValue
    )
    {
        var count = 0;
        var end = (int)Math.Min(Rows.Count, (long)row + rowsMax);
        for (; row < end && count < found.Length; row++)
        {
            // Torn, if the row goes to somebody else just now: then nobody has that id, or not that row.
            // A row is never older than its index entry, so most people are passed over without a look at the index.
            if (
                Sequence.Position(Rows.SequenceOf(row)) > position
                && index.TryFind(Rows[row].Id, out var entry)
                && entry.Row == row
                && entry.Tenant == tenant
                && Sequence.Position(entry.Sequence) > position
            )
            {
                found[count++] = entry;
            }
        }
        return count;
    }
}

/// <summary>What a reader sees of a person.</summary>
/// <param name="Entry">Pair, flags and sequence.</param>
/// <param name="Side">Whatever else an answer shows; null: nothing else.</param>
public readonly record struct PersonView(PersonEntry Entry, SideData? Side)
{
    /// <summary>The sequence that belongs to what is seen.</summary>
    public long Sequence => Side?.Sequence ?? Entry.Sequence;
}

/// <summary>Instants of a person's presence that Graph has no member for.</summary>
/// <param name="SinceAt">Since when the pair that is shown holds.</param>
/// <param name="LastSeenAt">
/// When the person last went from any other availability to Offline, to the second; null: never.
/// </param>
public readonly record struct PersonTimes(Instant SinceAt, Instant? LastSeenAt);
