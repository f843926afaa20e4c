using System.Collections.Concurrent;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// Who is to be told of a change: from a person to the subscriptions that watch this person, from a tenant to
/// those that watch everyone in it. What a match costs depends on those alone, however many the tenant has.
///
/// How delivery uses it:
/// <code>
/// var matched = new List&lt;Subscription&gt;();          // one, used again for every change
/// state.Subscriptions.Index.Match(change.Tenant, change.PersonId, matched);
/// </code>
/// Matches are added to the list, each once, as they are at that moment; lock-free, on any number of threads.
/// A subscription is in the index before any change that comes after it in the journal is told, so a follower
/// of the feed misses none; it may match changes that are older, which those who deliver leave out by
/// <see cref="Subscription.DeliveredTo"/>. After the end of a subscription nothing matches it.
///
/// The tempting alternative, to ask each subscription whether it watches a person, is a hash look-up for each
/// of a hundred thousand; the tempting shortcut, to index by the person's row, would hand one tenant's changes to
/// another when a row is used again between change and match.
/// </summary>
public sealed class SubscriptionIndex
{
    private readonly SubscriptionTable table;
    private readonly TenantNumbers tenants;
    private readonly ConcurrentDictionary<Guid, WatcherList> byPerson = new();
    private readonly ConcurrentDictionary<ushort, WatcherList> ofEveryone = new();

    internal SubscriptionIndex(SubscriptionTable table, TenantNumbers tenants) =>
        (this.table, this.tenants) = (table, tenants);

    /// <summary>Adds the subscriptions that are to be told of a person to a list.</summary>
    public void Match(ushort tenant, in Guid personId, List<Subscription> matched)
    {
        if (byPerson.TryGetValue(personId, out var watchers))
        {
            // Ids are unique over all tenants; compared all the same, for the day on which they are not.
            Collect(watchers, tenants.IdOf(tenant), matched);
        }
        if (ofEveryone.TryGetValue(tenant, out watchers))
        {
            Collect(watchers, tenants.IdOf(tenant), matched);
        }
    }

    /// <summary>Those that watch a person by name, or with null everyone.</summary>
    internal List<Subscription> WatchersOf(Guid tenantId, Guid? personId)
    {
        var found = new List<Subscription>();
        WatcherList? watchers = null;
        if (
            personId is { } person
                ? byPerson.TryGetValue(person, out watchers)
                : tenants.TryGet(tenantId, out var tenant) && ofEveryone.TryGetValue(tenant, out watchers)
        )
        {
            Collect(watchers!, tenantId, found);
        }
        return found;
    }

    /// <summary>The numbers of those that watch a person by name, with zeros between them.</summary>
    internal bool TryGetNumbers(Guid personId, out ReadOnlySpan<long> numbers)
    {
        var isWatched = byPerson.TryGetValue(personId, out var watchers);
        numbers = isWatched ? watchers!.Numbers : [];
        return isWatched;
    }

    /// <summary>Writer only.</summary>
    internal void Add(Subscription subscription, long number)
    {
        if (subscription.WatchesEveryone)
        {
            ofEveryone.GetOrAdd(tenants.GetOrAdd(subscription.TenantId), static _ => new()).Add(number);
            return;
        }
        foreach (var person in subscription.People)
        {
            byPerson.GetOrAdd(person, static _ => new()).Add(number);
        }
    }

    /// <summary>Writer only.</summary>
    internal void Remove(Subscription subscription, long number)
    {
        if (subscription.WatchesEveryone)
        {
            var tenant = tenants.GetOrAdd(subscription.TenantId);
            Remove(ofEveryone, tenant, ofEveryone[tenant], number);
            return;
        }
        foreach (var person in subscription.People)
        {
            Remove(byPerson, person, byPerson[person], number);
        }
    }

    /// <summary>No subscription watches that id any more. Writer only.</summary>
    internal void RemovePerson(Guid personId) => byPerson.TryRemove(personId, out _);

    private static void Remove<T>(ConcurrentDictionary<T, WatcherList> lists, T key, WatcherList list, long number)
        where T : notnull
    {
        list.Remove(number);
        if (list.Count == 0)
        {
            lists.TryRemove(key, out _);
        }
    }

    private void Collect(WatcherList watchers, Guid tenantId, List<Subscription> found)
    {
        foreach (var number in watchers.Numbers)
        {
            if (number != 0 && table.TryGet(number, out var subscription) && subscription.TenantId == tenantId)
            {
                found.Add(subscription);
            }
        }
    }
}
