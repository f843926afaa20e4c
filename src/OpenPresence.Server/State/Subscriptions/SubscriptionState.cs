using System.Diagnostics.CodeAnalysis;
using OpenPresence.Engine;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// Every subscription there is: a part of the node's deterministic state. Entries go through
/// <see cref="Apply"/> in order; two nodes that saw the same ones hold the same subscriptions.
///
/// What depends on others is decided here, where the order is known, and nowhere else: that the owner has one
/// already, that the tenant has too many, that it is gone. A route that looked before it appended would let two
/// requests at one moment both find room.
///
/// A subscription ends in one of five ways (<see cref="SubscriptionEventKind"/>). Its own end is a deadline like
/// those of the board: crossed before the entry that lies after it, and when nothing else comes, a tick is
/// appended. When a person is removed, the person's own subscriptions end, and those of others no
/// longer watch this person; a later person of the same id changes nothing. When only the permission is
/// withdrawn, or the sign-in revoked, it stays, and waits for its client to be authorized anew. One writer; readers on
/// any thread, who never wait.
/// </summary>
public sealed class SubscriptionState
{
    private readonly PresenceBoard board;
    private readonly SubscriptionTable table = new();
    private readonly SubscriptionOwners owners = new();
    private readonly Dictionary<Guid, WatcherList> byUser = [];
    private readonly SortedSet<(Instant ExpiresAt, Guid Id)> order = [];

    /// <param name="board">Who is there, and the tenants' numbers.</param>
    public SubscriptionState(PresenceBoard board)
    {
        this.board = board;
        Index = new SubscriptionIndex(table, board.Tenants);
    }

    /// <summary>Who is to be told of a change.</summary>
    public SubscriptionIndex Index { get; }

    /// <summary>
    /// Told of what happens, on the writer's thread, which waits for it: must not block, nor throw. Who
    /// sets it and then takes <see cref="All"/> in has everything, some of it twice.
    /// </summary>
    public Action<SubscriptionEvent>? Changed { get; set; }

    /// <summary>How many there are.</summary>
    public int Count => table.Count;

    /// <summary>When the next one ends; <see cref="Instant.Never"/>: there is none. Writer only.</summary>
    public Instant NextDueAt => order.Count == 0 ? Instant.Never : order.Min.ExpiresAt;

    /// <summary>The subscription of an id.</summary>
    public bool TryGet(Guid id, [NotNullWhen(true)] out Subscription? subscription)
    {
        subscription = null;
        return table.TryFind(id, out var number) && table.TryGet(number, out subscription);
    }

    /// <summary>All of them, in no order, each as it is when its turn comes.</summary>
    public IEnumerable<Subscription> All() => table.All();

    /// <summary>Those of an owner that stand behind a key, in order.</summary>
    public IEnumerable<Subscription> Of(Guid tenantId, OwnerFilter filter, OwnedKey after = default)
    {
        foreach (var key in owners.Of(tenantId, filter, after))
        {
            if (TryGet(key.Id, out var subscription))
            {
                yield return subscription;
            }
        }
    }

    /// <summary>How many a tenant has.</summary>
    public int CountOf(Guid tenantId) => owners.CountOf(tenantId);

    /// <summary>The one of the same owner, people and address, if there is one.</summary>
    public Subscription? FindSame(Subscription wanted) =>
        Index
            .WatchersOf(wanted.TenantId, wanted.WatchesEveryone ? null : wanted.People[0])
            .Find(other =>
                other.ApplicationId == wanted.ApplicationId
                && other.UserId == wanted.UserId
                && other.NotificationUrl == wanted.NotificationUrl
                && (wanted.WatchesEveryone || other.People.AsSpan().SequenceEqual(wanted.People.AsSpan()))
            );

    /// <summary>Applies one change. Writer only.</summary>
    public SubscriptionOutcome Apply(SubscriptionChange change, long position)
    {
        switch (change)
        {
            case SubscriptionCreated created:
                return Create(created, position);
            case SubscriptionsDelivered delivered:
                Deliver(delivered);
                return SubscriptionOutcome.Done;
            case SubscriptionUpdated updated:
                return IsTaken(updated)
                    ? SubscriptionOutcome.SameExists
                    : Change(
                        updated.Id,
                        position,
                        was =>
                            was with
                            {
                                ExpiresAt = updated.ExpiresAt ?? was.ExpiresAt,
                                NotificationUrl = updated.NotificationUrl ?? was.NotificationUrl,
                                AuthorizedUntil = updated.AuthorizedUntil,
                                EncryptionCertificate = updated.EncryptionCertificate.IsEmpty
                                    ? was.EncryptionCertificate
                                    : updated.EncryptionCertificate,
                                EncryptionCertificateId =
                                    updated.EncryptionCertificateId ?? was.EncryptionCertificateId,
                            }
                    );
            case SubscriptionReauthorized again:
                return Change(again.Id, position, was => was with { AuthorizedUntil = again.AuthorizedUntil });
            case SubscriptionDeleted { Id: var id }:
                if (!table.TryFind(id, out var number))
                {
                    return SubscriptionOutcome.Gone;
                }
                End(number, SubscriptionEventKind.Deleted, position);
                return SubscriptionOutcome.Done;
            default:
                throw new NotSupportedException($"{change.GetType().Name} is not applied.");
        }
    }

    /// <summary>Ends those whose time is over, in order. Called before an entry of that instant is applied.</summary>
    public void Advance(Instant at, long position)
    {
        while (NextDueAt <= at)
        {
            table.TryFind(order.Min.Id, out var number);
            End(number, SubscriptionEventKind.Expired, position);
        }
    }

    /// <summary>A change of the directory was applied: who is gone has no subscriptions and is not watched.</summary>
    public void Observe(DirectoryChange change, long position)
    {
        switch (change)
        {
            case PersonUpserted { Person: { AccountEnabled: false, Id: var id } }:
                EndOwnedBy(id, position);
                break;
            case PersonRemoved { Id: var id }:
                EndOwnedBy(id, position);
                Unwatch(id, position);
                break;
            case ApplicationRemoved { ClientId: var id }:
                foreach (var tenant in owners.Tenants)
                {
                    EndAll([.. owners.Of(tenant, new(id)).Select(key => key.Id)], position);
                }
                break;
            default:
                break; // what adds or renames ends nothing
        }
    }

    /// <summary>Ends the authority of some: nothing is delivered until they are authorized anew.</summary>
    public void Withdraw(Func<Subscription, bool> isLost, Instant at, long position)
    {
        var lost = All().Where(one => one.AuthorizedUntil > at && isLost(one));
        foreach (var id in lost.Select(one => one.Id).Order().ToArray())
        {
            Change(id, position, was => was with { AuthorizedUntil = at });
        }
    }

    /// <summary>The subscriptions at this moment, exact whatever is applied afterwards. Writer only.</summary>
    public SubscriptionCut TakeCut() => new(table.TakeCut());

    /// <summary>Takes in one of a snapshot.</summary>
    internal void Restore(Subscription subscription) => Add(subscription);

    private SubscriptionOutcome Create(SubscriptionCreated created, long position)
    {
        var wanted = created.Subscription with { DeliveredTo = position };
        var refused =
            table.TryFind(wanted.Id, out _) ? SubscriptionOutcome.IdTaken
            : IsSomebodyMissing(wanted) ? SubscriptionOutcome.PersonUnknown
            : created.IsOnlyOne && OwnedAlready(wanted) ? SubscriptionOutcome.OwnerHasOne
            : FindSame(wanted) is not null ? SubscriptionOutcome.SameExists
            : CountOf(wanted.TenantId) >= created.InTenantMax ? SubscriptionOutcome.QuotaReached
            : SubscriptionOutcome.Done;
        if (refused == SubscriptionOutcome.Done)
        {
            Add(wanted);
            Changed?.Invoke(new(SubscriptionEventKind.Created, wanted, position));
        }
        return refused;
    }

    /// <summary>Whether the new address makes it the same as another one.</summary>
    private bool IsTaken(SubscriptionUpdated updated) =>
        updated.NotificationUrl is { } url
        && TryGet(updated.Id, out var was)
        && was.NotificationUrl != url
        && FindSame(was with { NotificationUrl = url }) is not null;

    private bool OwnedAlready(Subscription wanted) =>
        owners.Of(wanted.TenantId, new(wanted.ApplicationId, wanted.UserId ?? Guid.Empty)).Any();

    private bool IsSomebodyMissing(Subscription wanted)
    {
        foreach (var person in wanted.WatchesEveryone ? [] : wanted.People)
        {
            if (IsMissing(person))
            {
                return true;
            }
        }
        return wanted.UserId is { } user && IsMissing(user);

        bool IsMissing(Guid id) => !board.TryGetTenantOf(id, out var tenantId) || tenantId != wanted.TenantId;
    }

    private void Deliver(SubscriptionsDelivered delivered)
    {
        foreach (var (id, to) in delivered.Positions)
        {
            if (table.TryFind(id, out var number) && table.TryGet(number, out var was) && to > was.DeliveredTo)
            {
                table.Replace(number, was with { DeliveredTo = to });
            }
        }
    }

    private SubscriptionOutcome Change(Guid id, long position, Func<Subscription, Subscription> change)
    {
        if (!table.TryFind(id, out var number) || !table.TryGet(number, out var was))
        {
            return SubscriptionOutcome.Gone;
        }
        var now = change(was);
        order.Remove((was.ExpiresAt, id));
        order.Add((now.ExpiresAt, id));
        table.Replace(number, now);
        Changed?.Invoke(new(SubscriptionEventKind.Updated, now, position));
        return SubscriptionOutcome.Done;
    }

    private void EndOwnedBy(Guid userId, long position)
    {
        if (byUser.TryGetValue(userId, out var numbers))
        {
            EndAll([.. Live(numbers.Numbers).Select(subscription => subscription.Id)], position);
        }
    }

    /// <summary>In the order of their ids, so that every node tells it in the same order.</summary>
    private void EndAll(Guid[] ids, long position)
    {
        foreach (var id in ids.Order())
        {
            table.TryFind(id, out var number);
            End(number, SubscriptionEventKind.OwnerGone, position);
        }
    }

    private void Unwatch(Guid personId, long position)
    {
        if (!Index.TryGetNumbers(personId, out var numbers))
        {
            return;
        }
        foreach (var was in Live(numbers).OrderBy(subscription => subscription.Id))
        {
            table.TryFind(was.Id, out var number);
            var left = was.People.RemoveAll(person => person == personId);
            if (left.IsEmpty)
            {
                End(number, SubscriptionEventKind.NobodyLeft, position);
                continue;
            }
            var now = was with { People = left };
            table.Replace(number, now);
            Changed?.Invoke(new(SubscriptionEventKind.Narrowed, now, position));
        }
        Index.RemovePerson(personId);
    }

    private List<Subscription> Live(ReadOnlySpan<long> numbers)
    {
        var live = new List<Subscription>(numbers.Length);
        foreach (var number in numbers)
        {
            if (number != 0 && table.TryGet(number, out var subscription))
            {
                live.Add(subscription);
            }
        }
        return live;
    }

    private void Add(Subscription subscription)
    {
        var number = table.Add(subscription);
        Index.Add(subscription, number);
        owners.Add(subscription);
        order.Add((subscription.ExpiresAt, subscription.Id));
        if (subscription.UserId is { } user)
        {
            if (!byUser.TryGetValue(user, out var numbers))
            {
                byUser.Add(user, numbers = new());
            }
            numbers.Add(number);
        }
    }

    private void End(long number, SubscriptionEventKind why, long position)
    {
        table.TryGet(number, out var ended);
        Index.Remove(ended!, number);
        owners.Remove(ended!);
        order.Remove((ended!.ExpiresAt, ended.Id));
        if (ended.UserId is { } user && byUser[user] is var numbers)
        {
            numbers.Remove(number);
            if (numbers.Count == 0)
            {
                byUser.Remove(user);
            }
        }
        table.Remove(number);
        Changed?.Invoke(new(why, ended, position));
    }
}
