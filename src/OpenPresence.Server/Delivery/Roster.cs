using OpenPresence.Engine;
using OpenPresence.Server.Subscriptions;

namespace OpenPresence.Server.Delivery;

/// <summary>
/// Who is delivered to: a watch for each subscription, a receiver for each address of a tenant, and when subscribers
/// are to be reminded. Follows the events of <see cref="SubscriptionState"/>, which may tell a thing twice. Of the
/// dispatcher's thread alone.
/// </summary>
internal sealed class Roster(Lanes lanes)
{
    private readonly Dictionary<Guid, Watch> watches = [];
    private readonly Dictionary<(Guid TenantId, string Url), Receiver> receivers = [];
    private readonly PriorityQueue<(Watch Watch, int Version), long> reminders = new();

    /// <summary>Every subscription.</summary>
    public IEnumerable<Watch> Watches => watches.Values;

    /// <summary>How many addresses.</summary>
    public int Receivers => receivers.Count;

    /// <summary>When somebody is to be reminded next; null: nobody is.</summary>
    public Instant? NextReminderAt =>
        reminders.TryPeek(out _, out var ticks) ? new Instant(ticks) : null;

    /// <summary>Takes in a subscription that was there at the start: what it missed while nobody delivered, it gets.</summary>
    public void TakeIn(Subscription subscription, Instant now)
    {
        if (!watches.ContainsKey(subscription.Id))
        {
            lanes.Restart(Add(subscription, now), now);
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
                Add(subscription, now);
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

    /// <summary>The watch of a subscription that matched; perhaps before its creation was told.</summary>
    public Watch WatchOf(Subscription subscription, Instant now) =>
        watches.TryGetValue(subscription.Id, out var watch) ? watch : Add(subscription, now);

    /// <summary>The watch of a subscription; null: there is none.</summary>
    public Watch? Find(Guid subscriptionId) => watches.GetValueOrDefault(subscriptionId);

    /// <summary>Reminds those who are to be reminded by now.</summary>
    public void Remind(Instant now)
    {
        while (reminders.TryPeek(out var next, out var ticks) && ticks <= now.Ticks)
        {
            reminders.Dequeue();
            if (!next.Watch.HasEnded && next.Watch.ReminderVersion == next.Version)
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
