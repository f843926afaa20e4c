using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Puts notices onto the lanes of their receivers; and when there is no room, or no point, notes that the subscription
/// has to be resynchronised from the board. So memory is bounded and nothing is lost: what is not held here is found
/// there by position. Of the dispatcher's thread alone.
/// </summary>
internal sealed class Lanes(Turns turns, DeliveryMetrics metrics)
{
    /// <summary>The room of all receivers.</summary>
    public NoticeBudget Budget { get; } = new();

    /// <summary>A change of a person whom the subscription watches.</summary>
    public void Offer(Watch watch, in Notice notice, Instant now)
    {
        if (watch.State == WatchState.Behind)
        {
            GoOn(watch, now);
            return;
        }
        if (watch.HasGap || notice.Position <= watch.SkipTo)
        {
            return;
        }
        var isDropped = watch.Receiver.State == HealthState.Dropping && now < watch.Receiver.NotBefore;
        if (isDropped || !watch.IsAuthorized(now) || !TryAdd(watch, notice))
        {
            // Who is not authorized knows that, and is told nothing of what was missed meanwhile.
            watch.HasMissed |= watch.IsAuthorized(now);
            metrics.Unheld.Add(1);
            if (watch.State == WatchState.Resyncing)
            {
                watch.HasGap = true;
            }
            else
            {
                Restart(watch, now);
            }
        }
        turns.Plan(watch.Receiver, now);
    }

    /// <summary>Puts a notice onto its lane; false: there is no room.</summary>
    public bool TryAdd(Watch watch, in Notice notice)
    {
        if (!watch.Receiver.Queue.TryAdd(notice, out var isReplacing))
        {
            return false;
        }
        if (isReplacing)
        {
            watch.HasMissed = true;
            metrics.Coalesced.Add(1);
        }
        else
        {
            watch.Pending++;
            watch.NextTicket = notice.Ticket + 1;
        }
        return true;
    }

    /// <summary>Something of the subscription's own life, to where such things go.</summary>
    public void Tell(Watch watch, NoticeKind kind, Instant now)
    {
        if (watch.Lifecycle is not { } receiver)
        {
            return;
        }
        var notice = new Notice(watch, kind, Guid.Empty, default, 0, 0, 0);
        if (!receiver.Queue.TryAdd(notice, out _))
        {
            metrics.Unheld.Add(1);
        }
        turns.Plan(receiver, now);
    }

    /// <summary>The board has to be asked, from the position that was delivered.</summary>
    public void Restart(Watch watch, Instant now)
    {
        watch.State = WatchState.Behind;
        watch.HasGap = false;
        watch.ResyncTicket = -1;
        GoOn(watch, now);
    }

    /// <summary>Lists a subscription that is behind for its receiver's next turn, unless it has to wait for authority.</summary>
    public void GoOn(Watch watch, Instant now)
    {
        if (watch.State == WatchState.Following || watch.HasEnded || !watch.IsAuthorized(now))
        {
            return;
        }
        if (!watch.IsListed)
        {
            watch.IsListed = true;
            watch.Receiver.Behind.Enqueue(watch);
        }
        turns.Plan(watch.Receiver, now);
    }

    /// <summary>Gives up what waits for a receiver; its subscriptions are resynchronised when it may be sent to again.</summary>
    public void GiveUp(Receiver receiver, Instant now)
    {
        foreach (var notice in receiver.Batch)
        {
            Lose(notice, now);
        }
        receiver.Batch.Clear();
        while (receiver.Queue.Count > 0)
        {
            Lose(receiver.Queue.Dequeue(), now);
        }
        if (receiver.Held is { } held)
        {
            (receiver.Held, receiver.IsOvertaken) = (null, false);
            Lose(held.Notice, now);
        }
    }

    private void Lose(in Notice notice, Instant now)
    {
        metrics.Unheld.Add(1);
        if (notice.Kind == NoticeKind.Presence && !notice.Watch.HasEnded)
        {
            notice.Watch.Pending--;
            notice.Watch.HasMissed = true;
            Restart(notice.Watch, now);
        }
    }
}
