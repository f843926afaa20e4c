using OpenPresence.Engine;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Who is delivered to: a watch for each subscription of the partitions that are this node's, a receiver for each address
/// of a tenant, and when subscribers are to be reminded. Follows the events of <see cref="SubscriptionState"/>, which may
/// tell a thing twice. Of the dispatcher's thread alone.
/// </summary>
internal sealed class Roster(Lanes lanes)
{
    private readonly Dictionary<Guid, Watch> watches = [];
    private readonly Dictionary<(Guid TenantId, string Url), Receiver> receivers = [];
    private readonly PriorityQueue<(Watch Watch, int Version), long> reminders = new();
    private readonly bool[] isOurs = new bool[Partitions.Count];

    /// <summary>Every subscription.</summary>
    public IEnumerable<Watch> Watches => watches.Values;

    /// <summary>How many addresses.</summary>
    public int Receivers => receivers.Count;

    /// <summary>When the next reminder is due; null: none is.</summary>
    public Instant? NextReminderAt => reminders.TryPeek(out _, out var ticks) ? new Instant(ticks) : null;

    /// <summary>Whether this node delivers the subscriptions of a partition.</summary>
    public bool IsOurs(int partition) => isOurs[partition];

    /// <summary>
    /// Takes in partitions, with all of their subscriptions that there are: what those missed while nobody delivered, or
    /// was not known to have got, they get.
    /// </summary>
    public void TakeIn(IReadOnlyList<int> partitions, IEnumerable<Subscription> all, Instant now)
    {
        foreach (var partition in partitions)
        {
            isOurs[partition] = true;
        }
        foreach (var subscription in all)
        {
            if (isOurs[Partitions.Of(subscription.Id)] && !watches.ContainsKey(subscription.Id))
            {
                lanes.Restart(Add(subscription, now), now);
            }
        }
    }

    /// <summary>
    /// Begins to hand partitions over: nothing of them is sent any more. Those whose answers are awaited, with how many
    /// POSTs they had by then.
    /// </summary>
    /// <param name="partitions">What is handed over.</param>
    /// <param name="readTo">How far the feed was read.</param>
    public List<(Receiver Receiver, int PostsBegun)> Leave(IReadOnlyList<int> partitions, long readTo)
    {
        HashSet<Receiver> posting = [];
        foreach (var watch in WatchesOf(partitions))
        {
            watch.Leave(readTo);
            if (watch.Receiver.IsPosting)
            {
                posting.Add(watch.Receiver);
            }
        }
        return [.. posting.Select(receiver => (receiver, receiver.PostsBegun))];
    }

    /// <summary>Forgets partitions, and whatever waits for their subscriptions.</summary>
    public void Drop(IReadOnlyList<int> partitions)
    {
        foreach (var watch in WatchesOf(partitions))
        {
            watches.Remove(watch.Subscription.Id);
            End(watch);
        }
    }

    /// <summary>Takes in what happened to a subscription.</summary>
    public void Observe(in SubscriptionEvent told, Instant now)
    {
        var subscription = told.Subscription;
        if (!watches.TryGetValue(subscription.Id, out var watch))
        {
            if (!told.IsEnd)
            {
                WatchOf(subscription, now);
            }
            return;
        }
        if (told.IsEnd)
        {
            watches.Remove(subscription.Id);
            End(watch);
            if (told.Kind != SubscriptionEventKind.Deleted)
            {
                lanes.Tell(watch, NoticeKind.SubscriptionRemoved, now);
            }
            return;
        }
        if (watch.IsLeaving)
        {
            return; // whoever takes it over finds it as it is then
        }
        if (watch.Subscription.NotificationUrl != subscription.NotificationUrl)
        {
            // What waits for the old address is void; the new one gets what has not been delivered.
            End(watch);
            lanes.Restart(Add(subscription with { DeliveredTo = watch.DeliveredTo }, now), now);
            return;
        }
        var wasAuthorized = watch.IsAuthorized(now);
        watch.Subscription = subscription;
        if (wasAuthorized && !watch.IsAuthorized(now))
        {
            lanes.Tell(watch, NoticeKind.ReauthorizationRequired, now);
        }
        PlanReminder(watch, now);
        lanes.GoOn(watch, now);
    }

    /// <summary>
    /// The watch of a subscription that matched, perhaps before its creation was told; null: another node delivers it.
    /// </summary>
    public Watch? WatchOf(Subscription subscription, Instant now) =>
        !isOurs[Partitions.Of(subscription.Id)] ? null
        : watches.TryGetValue(subscription.Id, out var watch) ? watch
        : Add(subscription, now);

    /// <summary>The watch of a subscription; null: there is none.</summary>
    public Watch? Find(Guid subscriptionId) => watches.GetValueOrDefault(subscriptionId);

    /// <summary>Reminds those who are to be reminded by now.</summary>
    public void Remind(Instant now)
    {
        while (reminders.TryPeek(out var next, out var ticks) && ticks <= now.Ticks)
        {
            reminders.Dequeue();
            if (next.Watch is { HasEnded: false, IsLeaving: false } && next.Watch.ReminderVersion == next.Version)
            {
                lanes.Tell(next.Watch, NoticeKind.ReauthorizationRequired, now);
                PlanReminder(next.Watch, now);
            }
        }
    }

    /// <summary>Forgets a receiver that nobody names any more and that has nothing left to be told.</summary>
    public void ForgetIfUnused(Receiver receiver)
    {
        if (receiver is { Users: 0, HasWork: false, IsPosting: false })
        {
            receivers.Remove((receiver.TenantId, receiver.Url.AbsoluteUri));
        }
    }

    /// <summary>The watches of partitions, which are not this node's from now on.</summary>
    private List<Watch> WatchesOf(IReadOnlyList<int> partitions)
    {
        var isAmong = new bool[Partitions.Count];
        foreach (var partition in partitions)
        {
            isAmong[partition] = true;
            isOurs[partition] = false;
        }
        return [.. watches.Values.Where(watch => isAmong[watch.Partition])];
    }

    private Watch Add(Subscription subscription, Instant now)
    {
        var receiver = ReceiverOf(subscription.TenantId, subscription.NotificationUrl);
        var lifecycle = subscription.LifecycleNotificationUrl is { } url
            ? ReceiverOf(subscription.TenantId, url)
            : null;
        var watch = new Watch(subscription, receiver, lifecycle);
        watches[subscription.Id] = watch;
        PlanReminder(watch, now);
        return watch;
    }

    private void End(Watch watch)
    {
        watch.HasEnded = true;
        watch.Receiver.Users--;
        ForgetIfUnused(watch.Receiver);
        if (watch.Lifecycle is { } lifecycle)
        {
            lifecycle.Users--;
        }
    }

    private Receiver ReceiverOf(Guid tenantId, Uri url)
    {
        var key = (tenantId, url.AbsoluteUri);
        if (!receivers.TryGetValue(key, out var receiver))
        {
            receivers.Add(key, receiver = new Receiver(tenantId, url, lanes.Budget));
        }
        receiver.Users++;
        return receiver;
    }

    private void PlanReminder(Watch watch, Instant now)
    {
        watch.ReminderVersion++;
        var subscription = watch.Subscription;
        var endsAt = Instant.Min(subscription.ExpiresAt, subscription.AuthorizedUntil);
        if (watch.Lifecycle is not null && ReauthorizationSchedule.NextAt(now, endsAt) is { } next)
        {
            reminders.Enqueue((watch, watch.ReminderVersion), next.Ticks);
        }
    }
}
