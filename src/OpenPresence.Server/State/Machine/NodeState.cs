using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Serialization;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.State.Revocations;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.State.Machine;

/// <summary>
/// Everything a node knows, as one deterministic state machine: two nodes that applied the same entries hold
/// the same state, byte for byte in their snapshots, whatever was read in between and on how many threads.
/// One writer calls <see cref="Apply"/>; reads need no lock. No clock, no I/O, no randomness in here.
/// </summary>
public sealed class NodeState
{
    /// <summary>The rules that a new installation begins with.</summary>
    public const int FirstRulesVersion = 1;

    private long position;
    private RevokedSignIns revokedSignIns = RevokedSignIns.None;

    /// <param name="clock">Whose setting the entries move.</param>
    public NodeState(NodeClock clock)
    {
        Clock = clock;
        Subscriptions = new SubscriptionState(Board);
    }

    /// <summary>Tenants, people, applications.</summary>
    public TenantDirectory Directory { get; } = new();

    /// <summary>The presence of every person.</summary>
    public PresenceBoard Board { get; } = new(FirstRulesVersion);

    /// <summary>Which sign-ins at the built-in issuer ended before their time; any thread.</summary>
    public RevokedSignIns RevokedSignIns
    {
        get => Volatile.Read(ref revokedSignIns);
        private set => Volatile.Write(ref revokedSignIns, value);
    }

    /// <summary>Who wants to be told of changes.</summary>
    public SubscriptionState Subscriptions { get; }

    /// <summary>The development clock's setting.</summary>
    public NodeClock Clock { get; }

    /// <summary>SHA-256 of the seed that was taken in last; empty: none.</summary>
    public byte[] SeedHash { get; private set; } = [];

    /// <summary>Told of every change of the directory that was applied, on the writer's thread.</summary>
    public Action<DirectoryChange>? DirectoryChanged { get; set; }

    /// <summary>Told when what a person showed is to be forgotten, on the writer's thread.</summary>
    public Action<Guid, Instant, long>? HistoryErased { get; set; }

    /// <summary>Told when another state took the place of this one, on the writer's thread.</summary>
    public Action? Replaced { get; set; }

    /// <summary>Told when the state as it is now is to be hashed, on the writer's thread.</summary>
    public Action? HashWanted { get; set; }

    /// <summary>The last entry that was applied; any thread.</summary>
    public long Position
    {
        get => Volatile.Read(ref position);
        private set => Volatile.Write(ref position, value);
    }

    /// <summary>Nothing is due before this; at most somewhat earlier than the next deadline. Writer only.</summary>
    public Instant DueBound => Instant.Min(Board.DueBound, Subscriptions.NextDueAt);

    /// <summary>Applies the next entry: first carries time on to its instant, then does what it says.</summary>
    /// <returns>What became of it, for the caller that waits.</returns>
    /// <exception cref="InvalidDataException">The entry was written by a newer program, or is damaged.</exception>
    public EntryResult Apply(in Entry entry)
    {
        if (entry.Position <= Position)
        {
            throw new InvalidOperationException(
                $"The entry at position {entry.Position} comes after that at {Position}."
            );
        }
        // 10. Cross the deadlines that lie before the entry.
        Board.Advance(entry.At, entry.Position);
        Subscriptions.Advance(entry.At, entry.Position);
        var result = ApplyPayload(entry.Payload.Span, entry);
        Position = entry.Position;
        if (entry.Payload.Span[0] == (byte)EntryKind.StateHash)
        {
            HashWanted?.Invoke();
        }
        return result with { Position = entry.Position };
    }

    /// <summary>Does what a payload says; an entry that replaces the state brings several.</summary>
    internal EntryResult ApplyPayload(ReadOnlySpan<byte> payload, in Entry entry)
    {
        var input = new PackedReader(payload);
        var kind = (EntryKind)input.Byte();
        var result = kind switch
        {
            EntryKind.Presence => ApplyPresence(ref input, entry),
            EntryKind.Directory => ApplyDirectory(DirectoryCodec.Read(input.Rest()), entry),
            EntryKind.Revoked => ApplyRevoked(Revocation.Read(ref input), entry),
            EntryKind.Tick or EntryKind.StateHash => default,
            EntryKind.ActivateRules => ApplyRules(input.Byte(), entry),
            EntryKind.MoveClock => ApplyClock(NodeClock.Read(ref input)),
            EntryKind.Seeded => ApplySeeded(input.TextBytes().ToArray()),
            EntryKind.Subscription => ApplySubscription(input.Rest(), entry.Position),
            EntryKind.Record => ApplyRecord(ref input, entry),
            EntryKind.EraseHistory => ApplyErasure(input.Id(), entry),
            EntryKind.Replace => StateReplacement.Apply(this, input.Rest(), entry),
            _ => throw PackedReader.Broken(),
        };
        if (!input.AtEnd)
        {
            throw PackedReader.Broken(); // a newer program says more than this one understands
        }
        return result;
    }

    /// <summary>The next deadline, exactly; null: there is none. Writer only.</summary>
    public Instant? NextDueAt()
    {
        var next = Instant.Min(Board.NextDueAt() ?? Instant.Never, Subscriptions.NextDueAt);
        return next == Instant.Never ? null : next;
    }

    /// <summary>
    /// At most <see cref="PresenceBoard.WarmMax"/> entries are about to be applied: gets ready for those that concern
    /// people. Changes nothing.
    /// </summary>
    public void Expect(ReadOnlySpan<Entry> entries)
    {
        Span<Guid> people = stackalloc Guid[PresenceBoard.WarmMax];
        var count = 0;
        foreach (ref readonly var entry in entries)
        {
            if (EntryPayload.TryGetPerson(entry.Payload.Span, out var person))
            {
                people[count++] = person;
            }
        }
        Board.Warm(people[..count]);
    }

    private EntryResult ApplyPresence(ref PackedReader input, in Entry entry)
    {
        var person = input.Id();
        var command = CommandCodec.Read(ref input);
        return Board.TryApply(person, command, entry.At, entry.Position, out var outcome)
            ? new EntryResult { Presence = outcome }
            : new EntryResult { IsPersonUnknown = true };
    }

    /// <summary>Nothing of the state is different; every node is told.</summary>
    private EntryResult ApplyErasure(Guid person, in Entry entry)
    {
        HistoryErased?.Invoke(person, entry.At, entry.Position);
        return default;
    }

    private EntryResult ApplyRecord(ref PackedReader input, in Entry entry)
    {
        var person = input.Id();
        var keptAt = RecordCodec.ReadInstant(ref input);
        var record = RecordShift.By(RecordCodec.Read(ref input), entry.At - keptAt);
        return new EntryResult { IsPersonUnknown = !Board.Replace(person, record, entry.At, entry.Position) };
    }

    /// <summary>People of whom only the id is known live on the board alone; they cost no directory.</summary>
    private EntryResult ApplyDirectory(DirectoryChange change, in Entry entry)
    {
        var person = change switch
        {
            PersonUpserted upserted => upserted.Person,
            PersonRevised revised => revised.Person,
            _ => null,
        };
        var (id, tenantId) =
            change is PersonKnown known ? (known.Id, known.TenantId)
            : person is not null ? (person.Id, person.TenantId)
            : default;
        if (id != Guid.Empty && Board.TryGetTenantOf(id, out var owner) && owner != tenantId)
        {
            return new EntryResult { Directory = DirectoryOutcome.IdOfAnotherTenant };
        }
        var isDisabled =
            person is { AccountEnabled: false }
            && !(Directory.TryGetPerson(id, out var before) && !before.AccountEnabled);
        var registered =
            change is ApplicationUpserted { Application.ClientId: var clientId }
            && Directory.TryGetApplication(clientId, out var application)
                ? application
                : null;
        var outcome = change switch
        {
            PersonKnown when !Directory.TryGetTenant(tenantId, out _) => DirectoryOutcome.TenantUnknown,
            PersonKnown => DirectoryOutcome.Done,
            _ => Directory.Apply(change),
        };
        if (outcome == DirectoryOutcome.Done && id != Guid.Empty)
        {
            Board.AddPerson(id, tenantId, entry.At, entry.Position);
            if (isDisabled)
            {
                Board.TryApply(id, new SignOut(), entry.At, entry.Position, out _);
            }
        }
        if (change is PersonRemoved removed && Board.RemovePerson(removed.Id, entry.At, entry.Position))
        {
            outcome = DirectoryOutcome.Done;
        }
        if (outcome == DirectoryOutcome.Done)
        {
            // That it was conditional is of interest to nobody once it came about.
            var told = person is null ? change : new PersonUpserted(person);
            Subscriptions.Observe(told, entry.Position);
            if (registered is not null && change is ApplicationUpserted { Application: var now })
            {
                Subscriptions.Withdraw(one => SubscriptionGrant.IsLost(registered, now, one), entry.At, entry.Position);
            }
            DirectoryChanged?.Invoke(told);
        }
        return new EntryResult { Directory = outcome };
    }

    private EntryResult ApplyRevoked(Revocation revoked, in Entry entry)
    {
        if (revoked.SessionId == Guid.Empty)
        {
            // What was subscribed in a person's name rested on that sign-in.
            Subscriptions.Withdraw(
                one =>
                    one.UserId is { } user
                    && (revoked.PersonId == Guid.Empty || revoked.PersonId == user)
                    && (revoked.ClientId == Guid.Empty || revoked.ClientId == one.ApplicationId),
                entry.At,
                entry.Position
            );
        }
        RevokedSignIns = RevokedSignIns.With(revoked, entry.Position);
        return default;
    }

    private EntryResult ApplySubscription(ReadOnlySpan<byte> change, long at) =>
        new() { Subscription = Subscriptions.Apply(SubscriptionChangeCodec.Read(change), at) };

    private EntryResult ApplyRules(int version, in Entry entry)
    {
        Board.ActivateRules(version, entry.At, entry.Position);
        return default;
    }

    private EntryResult ApplyClock(NodeClock.Setting setting)
    {
        Clock.Apply(setting);
        return default;
    }

    private EntryResult ApplySeeded(byte[] sha256)
    {
        SeedHash = sha256;
        return default;
    }

    /// <summary>The state at this position, exact whatever is applied afterwards. One at a time.</summary>
    public NodeCut TakeCut() =>
        new(
            Position,
            Board.Now,
            Board.Rules.Version,
            Clock.Current,
            SeedHash,
            Directory.Cut(),
            RevokedSignIns,
            Subscriptions.TakeCut(),
            Board.Rows.TakeCut(),
            Board.Tenants,
            Board.People
        );

    /// <summary>Becomes what a snapshot says; only ever called on a new state.</summary>
    internal void Restore(
        long position,
        Instant at,
        int rulesVersion,
        NodeClock.Setting setting,
        byte[] seedHash,
        int people
    )
    {
        Position = position;
        Board.Feed.BeganAt = position;
        SeedHash = seedHash;
        Clock.Apply(setting);
        Board.RestoreNow(at, rulesVersion, people);
    }

    /// <summary>Takes in the revoked sign-ins of a snapshot, or of another state.</summary>
    internal void Restore(RevokedSignIns revoked) => RevokedSignIns = revoked;
}

/// <summary>What became of an entry, for the caller that waits for it.</summary>
public readonly record struct EntryResult
{
    /// <summary>The engine's word on a presence command.</summary>
    public Outcome Presence { get; init; }

    /// <summary>The directory's word on a change.</summary>
    public DirectoryOutcome Directory { get; init; }

    /// <summary>What became of a change of subscriptions.</summary>
    public SubscriptionOutcome Subscription { get; init; }

    /// <summary>The command's person was removed before the command was applied.</summary>
    public bool IsPersonUnknown { get; init; }

    /// <summary>Where the entry stands in the order.</summary>
    public long Position { get; init; }

    /// <summary>Whether the change was accepted.</summary>
    public bool IsDone => this with { Position = 0 } == default;
}
