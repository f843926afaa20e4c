using OpenPresence.Engine;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Brings subscriptions that are behind up to date: whoever of their people changed after the position that was
/// delivered is told of as he is now. The same for a receiver that was dead, for one that was dropped for, for a queue
/// that was full, for a feed that ran away, and for a restart; there is no other way of recovering.
///
/// The order stays right because of two rules. What is on the board at the beginning needs no feed: its changes up
/// to there are skipped. And of somebody who was taken from the board even newer than that, a change of the feed that is
/// older than what was taken is told as the board has him now (<see cref="Feeder"/>), never as he was.
///
/// A subscription to everyone can take long, so it goes by pages, each receiver a page in its turn.
/// </summary>
internal sealed class Resync(NodeState state, Lanes lanes)
{
    private readonly PersonEntry[] found = new PersonEntry[DeliveryLimits.NotificationsPerPostMax];

    /// <summary>Goes on for one receiver, as far as its queue has room for a POST and others do not wait too long.</summary>
    public void Step(Receiver receiver, Instant now)
    {
        var budget = DeliveryLimits.PeoplePerTurnMax;
        while (
            budget > 0
            && receiver.Queue.Count < DeliveryLimits.NotificationsPerPostMax
            && receiver.Behind.TryPeek(out var watch)
        )
        {
            if (watch.HasEnded || watch.IsLeaving || !watch.IsAuthorized(now))
            {
                Unlist(receiver);
                continue;
            }
            if (watch.State == WatchState.Behind)
            {
                Begin(watch, watch.DeliveredTo);
            }
            var before = watch.ResyncRow;
            budget -= watch.Subscription.WatchesEveryone ? Everyone(watch, budget) : People(watch);
            if (watch.ResyncRow == before)
            {
                return; // all receivers together have no room left; what waits here goes first
            }
            if (watch.ResyncRow < 0)
            {
                End(receiver, watch);
                budget--;
            }
        }
    }

    private void Begin(Watch watch, long from)
    {
        watch.State = WatchState.Resyncing;
        watch.HasGap = false;
        watch.ResyncFrom = from;
        watch.ResyncRow = 0;
        // Before the first look: whatever is applied up to here is on the board then.
        watch.ResyncStart = state.Position;
        watch.SkipTo = watch.ResyncStart;
    }

    private void End(Receiver receiver, Watch watch)
    {
        if (watch.HasGap)
        {
            Begin(watch, watch.ResyncStart);
            return;
        }
        Unlist(receiver);
        watch.State = WatchState.Following;
        if (watch.Pending == 0)
        {
            watch.DeliveredTo = watch.ResyncStart;
        }
        else
        {
            watch.ResyncTicket = watch.NextTicket - 1;
        }
    }

    private static void Unlist(Receiver receiver) => receiver.Behind.Dequeue().IsListed = false;

    /// <summary>Some of those it names; how many were looked at.</summary>
    private int People(Watch watch)
    {
        var people = watch.Subscription.People;
        var from = watch.ResyncRow;
        var count = Math.Min(found.Length, people.Length - from);
        if (count > 0)
        {
            state.Board.FindMany(people.AsSpan(from, count), found);
            count = Add(watch, found.AsSpan(0, count));
        }
        watch.ResyncRow = from + count >= people.Length ? -1 : from + count;
        return Math.Max(count, 1);
    }

    /// <summary>Some rows of the board; how many were looked at.</summary>
    private int Everyone(Watch watch, int rowsMax)
    {
        var row = watch.ResyncRow;
        if (!state.Board.Tenants.TryGet(watch.Subscription.TenantId, out var tenant))
        {
            watch.ResyncRow = -1;
            return 1;
        }
        var count = state.Board.ChangedSince(tenant, watch.ResyncFrom, ref row, found, rowsMax);
        var looked = row - watch.ResyncRow;
        var added = Add(watch, found.AsSpan(0, count));
        watch.ResyncRow =
            added < count ? found[added].Row
            : row >= state.Board.Rows.Count ? -1
            : row;
        return Math.Max(looked, 1);
    }

    /// <summary>Tells of those who changed; how many were seen to before there was no room.</summary>
    private int Add(Watch watch, ReadOnlySpan<PersonEntry> people)
    {
        var tenant = state.Board.Tenants.TryGet(watch.Subscription.TenantId, out var number) ? number : -1;
        for (var i = 0; i < people.Length; i++)
        {
            ref readonly var person = ref people[i];
            var newest = Sequence.Position(person.Sequence);
            if (person.Id == Guid.Empty || person.Tenant != tenant || newest <= watch.ResyncFrom)
            {
                continue;
            }
            var notice = new Notice(
                watch,
                NoticeKind.Presence,
                person.Id,
                PairNumbers.Pair(person.Pair),
                watch.ResyncStart + 1,
                newest,
                watch.NextTicket
            );
            watch.BoardReadTo = Math.Max(watch.BoardReadTo, newest);
            if (!lanes.TryAdd(watch, notice))
            {
                return i;
            }
        }
        return people.Length;
    }
}
