using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <content>What the one writer calls.</content>
public sealed partial class PresenceBoard
{
    /// <summary>The most people for <see cref="Warm"/>: more would push each other out of the caches.</summary>
    public const int WarmMax = 64;

    private readonly BoardTime time;

    /// <param name="rulesVersion">The rules that it begins with.</param>
    public PresenceBoard(int rulesVersion)
    {
        Rules = Rules.OfVersion(rulesVersion);
        time = new BoardTime(this);
    }

    /// <summary>The rules in force.</summary>
    public Rules Rules { get; private set; }

    /// <summary>Nothing is due before this; at most somewhat earlier than the next deadline.</summary>
    public Instant DueBound => time.DueBound;

    /// <summary>The next deadline, exactly; null: none. For when the clock has reached <see cref="DueBound"/>.</summary>
    public Instant? NextDueAt() => time.NextDueAt();

    /// <summary>The whole record of a person, at <see cref="Now"/>.</summary>
    public bool TryGetRecord(in Guid id, out PresenceRecord record)
    {
        var isKnown = index.TryFind(id, out var entry);
        record = isKnown ? Rows.RecordOf(entry.Row) : PresenceRecord.Empty;
        return isKnown;
    }

    /// <summary>Adds a person, Offline; false: the id is taken.</summary>
    public bool AddPerson(in Guid id, Guid tenantId, Instant at, long position)
    {
        if (index.TryFind(id, out _))
        {
            return false;
        }
        var row = Rows.Add(id, Tenants.GetOrAdd(tenantId));
        ref var added = ref Rows.Writable(row);
        // By position: a person who was removed and comes back must not go back in sequence either.
        added.Sequence = Sequence.Next(0, position);
        added.SinceTicks = at.Ticks;
        index.TryAdd(EntryOf(row));
        Tenants.CountPeople(added.Tenant, 1);
        Tell(row, PresencePair.Unknown, at, ChangeReason.Added);
        return true;
    }

    /// <summary>Removes a person and everything known of the person's presence; false: there is none.</summary>
    public bool RemovePerson(in Guid id, Instant at, long position)
    {
        if (!index.TryFind(id, out var entry))
        {
            return false;
        }
        time.Disarm(entry.Row);
        index.Remove(id);
        Rows.Remove(entry.Row);
        Tenants.CountPeople(entry.Tenant, -1);
        Feed.Add(
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
    public void Advance(Instant at, long position) => time.Advance(at, position);

    /// <summary>
    /// Brings what commands to these people will touch into the processor's caches, all at once: one after the
    /// other, each command would wait for the memory several times. Changes nothing.
    /// </summary>
    public void Warm(ReadOnlySpan<Guid> people)
    {
        Span<PersonEntry> found = stackalloc PersonEntry[WarmMax];
        index.FindMany(people, found);
        foreach (ref readonly var entry in found[..people.Length])
        {
            if (entry.Id != Guid.Empty)
            {
                Rows.Warm(entry.Row);
                time.Warm(entry.Row);
            }
        }
    }

    /// <summary>Applies a command to a person; false: no person has that id.</summary>
    public bool TryApply(in Guid id, PresenceCommand command, Instant at, long position, out Outcome outcome)
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
            time.Arm(entry.Row, Rules.NextChangeAt(decision.Record, at));
        }
        return true;
    }

    /// <summary>Puts a whole record in the place of a person's; false: no person has that id.</summary>
    public bool Replace(in Guid id, PresenceRecord record, Instant at, long position)
    {
        if (!index.TryFind(id, out var entry))
        {
            return false;
        }
        var pruned = Rules.Prune(record, at);
        Put(entry.Row, pruned, at, position, ChangeReason.Command);
        time.Arm(entry.Row, Rules.NextChangeAt(pruned, at));
        return true;
    }

    /// <summary>Removes every person, in the order of the rows, which is the same on every node.</summary>
    public void RemoveEverybody(Instant at, long position)
    {
        for (var row = 0; row < Rows.Count; row++)
        {
            var id = Rows[row].Id; // a copy: the row is wiped
            if (id != Guid.Empty)
            {
                RemovePerson(id, at, position);
            }
        }
    }

    /// <summary>Puts newer rules in force for every person, at one position; they never go back.</summary>
    /// <exception cref="InvalidDataException">This program does not know them.</exception>
    public void ActivateRules(int version, Instant at, long position)
    {
        var newer = KnownRules(version);
        if (version <= Rules.Version)
        {
            return;
        }
        Rules = newer;
        for (var row = 0; row < Rows.Count; row++)
        {
            if (Rows[row].Id != Guid.Empty)
            {
                var record = Rules.Prune(Rows.RecordOf(row), at);
                Put(row, record, at, position, ChangeReason.Rules);
                time.Arm(row, Rules.NextChangeAt(record, at));
            }
        }
    }

    internal Guid IdOf(int row) => Rows[row].Id;

    internal Instant? NextChangeAt(int row, Instant at) => Rules.NextChangeAt(Rows.RecordOf(row), at);

    /// <summary>Crosses a row's deadline: what has ended goes, and readers see what is true from then on.</summary>
    internal void Cross(int row, Instant at, long position) =>
        Put(row, Rules.Prune(Rows.RecordOf(row), at), at, position, ChangeReason.Time);

    /// <summary>Stores a record and tells of what became different for readers.</summary>
    private void Put(int row, PresenceRecord record, Instant at, long position, ChangeReason reason)
    {
        var presence = Rules.Merge(record, at);
        var was = Rows[row];
        var pair = PairNumbers.Of(presence.Pair);
        var differs =
            was.Pair != pair
            || Rows.FlagsOf(row) != SideData.FlagsOf(presence)
            || DetailDiffers(Rows.SideOf(row)?.Presence, presence);
        if (differs)
        {
            ref var now = ref Rows.Writable(row);
            now.Sequence = Sequence.Next(was.Sequence, position);
            Volatile.WriteBarrier(); // see TryReadTimes
            if (was.Pair != pair)
            {
                now.Pair = pair;
                now.SinceTicks = at.Ticks;
                now.LastSeenSeconds =
                    IsSeen(was.Pair) && !IsSeen(pair) ? PersonRows.SecondsOf(at) : was.LastSeenSeconds;
            }
        }
        Rows.Store(row, record, presence);
        if (differs)
        {
            index.TryUpdate(EntryOf(row));
            Tell(row, PairNumbers.Pair(was.Pair), at, reason);
        }
    }

    private void Tell(int row, PresencePair before, Instant at, ChangeReason reason)
    {
        ref readonly var now = ref Rows[row];
        Feed.Add(new Change(now.Sequence, at, now.Tenant, now.Id, before, PairNumbers.Pair(now.Pair), reason));
    }

    private static Rules KnownRules(int version) =>
        version is >= 1 and <= Rules.NewestVersion
            ? Rules.OfVersion(version)
            : throw new InvalidDataException(
                $"The journal demands version {version} of the rules, but this program knows them up to"
                    + $" {Rules.NewestVersion}: start a newer program."
            );

    private static bool DetailDiffers(Presence? was, Presence now) =>
        (was?.StatusMessage != now.StatusMessage)
        || (was?.OutOfOfficeMessage != now.OutOfOfficeMessage)
        || ((was?.WorkLocation ?? WorkLocation.None) != now.WorkLocation);

    private static bool IsSeen(byte pair) =>
        PairNumbers.Pair(pair).Availability is not (Availability.Offline or Availability.PresenceUnknown);

    private PersonEntry EntryOf(int row)
    {
        ref readonly var stored = ref Rows[row];
        return new PersonEntry(stored.Id, row, stored.Tenant, stored.Pair, Rows.FlagsOf(row), stored.Sequence);
    }
}
