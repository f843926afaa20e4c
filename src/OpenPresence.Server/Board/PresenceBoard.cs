using OpenPresence.Engine;

namespace OpenPresence.Server.Board;

/// <summary>
/// The node's memory: what results from applying every entry of the journal in order. One writer, which
/// calls what changes; any number of readers, who never wait, never see half a change and need no clock:
/// time has passed as far as the last entry says.
/// </summary>
/// <remarks>
/// Order of a write: row, then side data, then the index entry. A reader goes the other way, so it may see
/// newer side data than its entry promised, which is whole in itself, but never older.
/// </remarks>
public sealed class PresenceBoard(int rulesVersion)
{
    private readonly PersonIndex index = new();
    private DeadlineWheel? wheel; // begins at the first entry's instant
    private readonly List<int> due = [];
    private readonly PriorityQueue<int, (Instant At, Guid Person)> crossing = new();

    /// <summary>The rules in force.</summary>
    public Rules Rules { get; private set; } = Rules.OfVersion(rulesVersion);

    /// <summary>The rows; the writer's, and a snapshot's.</summary>
    public PersonRows Rows { get; } = new();

    /// <summary>The tenants' numbers.</summary>
    public TenantNumbers Tenants { get; } = new();

    /// <summary>Told of every visible difference, in order, on the writer's thread; must be quick.</summary>
    public Action<Change>? Changed { get; set; }

    /// <summary>How far time has been carried: the instant of the last entry.</summary>
    public Instant Now { get; private set; }

    /// <summary>How many people there are.</summary>
    public int People => index.Count;

    /// <summary>When the next deadline may be due; null: none is armed. Writer only.</summary>
    public Instant? NextDueAt => wheel?.NextDueAt();

    /// <summary>What a reader sees of a person; false: the tenant has nobody of that id.</summary>
    public bool TryRead(ushort tenant, in Guid id, out PersonView view)
    {
        while (index.TryFind(id, out var entry) && entry.Tenant == tenant)
        {
            if (!entry.Flags.HasFlag(PersonFlags.HasSideData))
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
        }
        view = default;
        return false;
    }

    /// <summary>
    /// The entries of many people, each at its id's place. An empty id, or another tenant's number, stands
    /// for nobody; detail is read by <see cref="TryRead"/>.
    /// </summary>
    public void FindMany(ReadOnlySpan<Guid> ids, Span<PersonEntry> found) =>
        index.FindMany(ids, found);

    /// <summary>The whole record of a person, at <see cref="Now"/>. Writer only.</summary>
    public bool TryGetRecord(in Guid id, out PresenceRecord record)
    {
        var isKnown = index.TryFind(id, out var entry);
        record = isKnown ? Rows.RecordOf(entry.Row) : PresenceRecord.Empty;
        return isKnown;
    }

    /// <summary>The tenant of a person.</summary>
    public bool TryGetTenantOf(in Guid id, out Guid tenantId)
    {
        var isKnown = index.TryFind(id, out var entry);
        tenantId = isKnown ? Tenants.IdOf(entry.Tenant) : Guid.Empty;
        return isKnown;
    }

    /// <summary>Adds a person, Offline; false: the id is taken.</summary>
    public bool AddPerson(in Guid id, Guid tenantId, long position)
    {
        if (index.TryFind(id, out _))
        {
            return false;
        }
        var row = Rows.Add(id, Tenants.GetOrAdd(tenantId));
        // Somebody who was removed and comes back must not go back in sequence either.
        Rows.Writable(row).Sequence = Sequence.Next(0, position);
        return index.TryAdd(EntryOf(row));
    }

    /// <summary>Removes a person and everything known of the person's presence; false: there is none.</summary>
    public bool RemovePerson(in Guid id, Instant at, long position)
    {
        if (!index.TryFind(id, out var entry))
        {
            return false;
        }
        wheel?.Disarm(entry.Row);
        index.Remove(id);
        Rows.Remove(entry.Row);
        Changed?.Invoke(
            new Change(
                Sequence.Next(entry.Sequence, position),
                at,
                entry.Tenant,
                id,
                PairNumbers.Pair(entry.Pair),
                PresencePair.Unknown,
                ChangeReason.Removed
            )
        );
        return true;
    }

    /// <summary>
    /// Crosses every deadline up to <paramref name="at"/>, in the order (instant, person). Called before
    /// an entry of that instant is applied, so that a state never outlives its deadline.
    /// </summary>
    public void Advance(Instant at, long position)
    {
        if (at <= Now)
        {
            return;
        }
        wheel ??= new DeadlineWheel(at);
        wheel.TakeDue(at, due);
        foreach (var row in due)
        {
            Enqueue(row, Now);
        }
        due.Clear();
        while (
            crossing.TryPeek(out var row, out var next)
            && next.At <= at
            && crossing.TryDequeue(out row, out next)
        )
        {
            Cross(row, next.At, position);
        }
        while (crossing.TryDequeue(out var early, out var later))
        {
            wheel.Arm(early, later.At);
        }
        Now = at;
    }

    /// <summary>Applies a command to a person; false: there is nobody of that id.</summary>
    public bool TryApply(
        in Guid id,
        PresenceCommand command,
        Instant at,
        long position,
        out Outcome outcome
    )
    {
        outcome = default;
        if (!index.TryFind(id, out var entry))
        {
            return false;
        }
        var record = Rows.RecordOf(entry.Row);
        // 11. Ask the engine, and keep what it decides.
        var decision = Rules.Decide(record, command, at);
        outcome = decision.Outcome;
        if (!ReferenceEquals(decision.Record, record))
        {
            Put(entry.Row, decision.Record, at, position, ChangeReason.Command);
            Arm(entry.Row, decision.Record, at);
        }
        return true;
    }

    /// <summary>Puts newer rules in force for everybody, at one position.</summary>
    public void ActivateRules(int version, Instant at, long position)
    {
        Rules = Rules.OfVersion(version);
        for (var row = 0; row < Rows.Count; row++)
        {
            if (Rows[row].Id != Guid.Empty)
            {
                var record = Rules.Prune(Rows.RecordOf(row), at);
                Put(row, record, at, position, ChangeReason.Command);
                Arm(row, record, at);
            }
        }
    }

    /// <summary>Takes in a row of a snapshot with its record; rows come in order, on an empty board.</summary>
    public void Restore(PersonRow row, Guid tenantId, PresenceRecord record, Instant at)
    {
        row.Tenant = row.Id == Guid.Empty ? (ushort)0 : Tenants.GetOrAdd(tenantId);
        row.Side = PersonRow.None;
        row.Application = PersonRow.None;
        var number = Rows.Restore(row);
        if (row.Id != Guid.Empty)
        {
            Rows.Store(number, record, Rules.Merge(record, at));
            index.TryAdd(EntryOf(number));
            Arm(number, record, at);
        }
    }

    /// <summary>Says at which instant and under which rules a restored board stands; before its rows.</summary>
    public void RestoreNow(Instant at, int rulesVersion) =>
        (Now, Rules, wheel) = (at, Rules.OfVersion(rulesVersion), new DeadlineWheel(at));

    private void Cross(int row, Instant at, long position)
    {
        var record = Rules.Prune(Rows.RecordOf(row), at);
        Put(row, record, at, position, ChangeReason.Time);
        Enqueue(row, at);
    }

    private void Enqueue(int row, Instant at)
    {
        if (Rules.NextChangeAt(Rows.RecordOf(row), at) is { } next)
        {
            crossing.Enqueue(row, (next, Rows[row].Id));
        }
    }

    private void Arm(int row, PresenceRecord record, Instant at)
    {
        if (Rules.NextChangeAt(record, at) is { } next)
        {
            wheel!.Arm(row, next);
        }
        else
        {
            wheel!.Disarm(row);
        }
    }

    /// <summary>Stores a record and tells of what became different for readers.</summary>
    private void Put(int row, PresenceRecord record, Instant at, long position, ChangeReason reason)
    {
        var presence = Rules.Merge(record, at);
        var was = Rows[row];
        var pair = PairNumbers.Of(presence.Pair);
        var differs =
            was.Pair != pair
            || was.Flags.HasFlag(PersonFlags.OutOfOffice) != presence.IsOutOfOffice
            || DetailDiffers(Rows.SideOf(row)?.Presence, presence);
        ref var now = ref Rows.Writable(row);
        if (differs)
        {
            now.Sequence = Sequence.Next(was.Sequence, position);
            now.Flags =
                (presence.IsOutOfOffice ? PersonFlags.OutOfOffice : PersonFlags.None)
                | (PersonRows.IsDetailed(presence) ? PersonFlags.HasSideData : PersonFlags.None);
        }
        if (was.Pair != pair)
        {
            now.Pair = pair;
            now.SinceTicks = at.Ticks;
            if (IsSeen(was.Pair) && !IsSeen(pair))
            {
                now.LastSeenSeconds = (uint)(
                    (at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond
                );
            }
        }
        Rows.Store(row, record, presence);
        if (differs)
        {
            index.TryUpdate(EntryOf(row));
            Tell(was, row, at, reason);
        }
    }

    private void Tell(in PersonRow was, int row, Instant at, ChangeReason reason)
    {
        if (Changed is { } changed)
        {
            ref readonly var now = ref Rows[row];
            changed(
                new Change(
                    now.Sequence,
                    at,
                    now.Tenant,
                    now.Id,
                    PairNumbers.Pair(was.Pair),
                    PairNumbers.Pair(now.Pair),
                    reason
                )
            );
        }
    }

    private static bool DetailDiffers(Presence? was, Presence now) =>
        (was?.StatusMessage != now.StatusMessage)
        || (was?.OutOfOfficeMessage != now.OutOfOfficeMessage)
        || ((was?.WorkLocation ?? WorkLocation.None) != now.WorkLocation);

    private static bool IsSeen(byte pair) =>
        PairNumbers.Pair(pair).Availability
            is not (Availability.Offline or Availability.PresenceUnknown);

    private PersonEntry EntryOf(int row)
    {
        ref readonly var stored = ref Rows[row];
        return new PersonEntry(
            stored.Id,
            row,
            stored.Tenant,
            stored.Pair,
            stored.Flags,
            stored.Sequence
        );
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
