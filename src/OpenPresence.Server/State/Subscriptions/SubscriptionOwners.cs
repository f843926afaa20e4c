using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// Where a subscription stands among those of its tenant: by application, then person, then id. So one ordered set
/// answers what an application has, what it has for one person, and what there is at all, page by page.
/// </summary>
/// <param name="ApplicationId">The application that created it.</param>
/// <param name="UserId">The person on whose behalf; empty: the application's own.</param>
/// <param name="Id">The subscription.</param>
public readonly record struct OwnedKey(Guid ApplicationId, Guid UserId, Guid Id) : IComparable<OwnedKey>
{
    /// <summary>Where a subscription stands.</summary>
    public static OwnedKey Of(Subscription subscription) =>
        new(subscription.ApplicationId, subscription.UserId ?? Guid.Empty, subscription.Id);

    /// <inheritdoc />
    public int CompareTo(OwnedKey other) =>
        ApplicationId.CompareTo(other.ApplicationId) is var byApplication and not 0 ? byApplication
        : UserId.CompareTo(other.UserId) is var byUser and not 0 ? byUser
        : Id.CompareTo(other.Id);

    public static bool operator <(OwnedKey left, OwnedKey right) => left.CompareTo(right) < 0;

    public static bool operator >(OwnedKey left, OwnedKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(OwnedKey left, OwnedKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(OwnedKey left, OwnedKey right) => left.CompareTo(right) >= 0;
}

/// <summary>Whose subscriptions; what is null does not matter.</summary>
/// <param name="ApplicationId">Those of this application.</param>
/// <param name="UserId">And of them those for this person; empty: the application's own.</param>
public readonly record struct OwnerFilter(Guid? ApplicationId = null, Guid? UserId = null)
{
    /// <summary>Whether a subscription is among them.</summary>
    public bool Has(OwnedKey key) =>
        (ApplicationId ?? key.ApplicationId) == key.ApplicationId && (UserId ?? key.UserId) == key.UserId;
}

/// <summary>Who has which subscriptions, tenant by tenant. One writer; readers see one moment whole.</summary>
internal sealed class SubscriptionOwners
{
    private readonly ConcurrentDictionary<Guid, ImmutableSortedSet<OwnedKey>> byTenant = new();

    /// <summary>How many a tenant has.</summary>
    public int CountOf(Guid tenantId) => byTenant.GetValueOrDefault(tenantId)?.Count ?? 0;

    /// <summary>Those of an owner that stand behind a key, in order, one by one as they are asked for.</summary>
    public IEnumerable<OwnedKey> Of(Guid tenantId, OwnerFilter filter, OwnedKey after = default)
    {
        var all = byTenant.GetValueOrDefault(tenantId, []);
        var first = new OwnedKey(
            filter.ApplicationId ?? Guid.Empty,
            filter.ApplicationId is null ? Guid.Empty : filter.UserId ?? Guid.Empty,
            Guid.Empty
        );
        var begin = all.IndexOf(after > first ? after : first);
        // Not there: the complement says which one is next. There: it was the last of a page.
        for (var i = begin < 0 ? ~begin : begin + 1; i < all.Count && filter.Has(all[i]); i++)
        {
            yield return all[i];
        }
    }

    /// <summary>Every tenant that has any, in order.</summary>
    public IEnumerable<Guid> Tenants => byTenant.Keys.Order();

    /// <summary>Writer only.</summary>
    public void Add(Subscription subscription) =>
        byTenant[subscription.TenantId] = byTenant
            .GetValueOrDefault(subscription.TenantId, [])
            .Add(OwnedKey.Of(subscription));

    /// <summary>Writer only.</summary>
    public void Remove(Subscription subscription)
    {
        var rest = byTenant[subscription.TenantId].Remove(OwnedKey.Of(subscription));
        if (rest.IsEmpty)
        {
            byTenant.TryRemove(subscription.TenantId, out _);
        }
        else
        {
            byTenant[subscription.TenantId] = rest;
        }
    }
}
