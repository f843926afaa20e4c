using OpenPresence.Engine;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>Follows the feed of changes and offers each to the subscriptions that watch its person.</summary>
internal sealed class Feeder(NodeState state, Roster roster, Lanes lanes)
{
    private readonly FeedFollower follower = state.Board.Feed.Follow();
    private readonly Change[] changes = new Change[DeliveryLimits.ChangesPerTurnMax];
    private readonly List<Subscription> matched = [];

    /// <summary>Every change up to this position has been offered.</summary>
    public long ReadTo { get; private set; } = state.Position;

    /// <summary>Ends once there is something to read.</summary>
    public Task WaitAsync(CancellationToken cancel) => follower.WaitAsync(cancel);

    /// <summary>Offers the next changes; whether there were any.</summary>
    public bool Step(Instant now)
    {
        var applied = state.Position;
        var count = follower.Read(changes, out var fellBehind);
        if (fellBehind)
        {
            foreach (var watch in roster.Watches)
            {
                lanes.Restart(watch, now);
            }
            return true;
        }
        foreach (ref readonly var change in changes.AsSpan(0, count))
        {
            if (change.IsOfPair)
            {
                Offer(change, now);
            }
        }
        // An entry's changes are in the feed before its position is published: with none left, all of them were read.
        ReadTo =
            count < changes.Length
                ? Math.Max(ReadTo, applied)
                : Math.Max(ReadTo, Sequence.Position(changes[count - 1].Sequence) - 1);
        return count > 0;
    }

    private void Offer(in Change change, Instant now)
    {
        matched.Clear();
        state.Subscriptions.Index.Match(change.Tenant, change.PersonId, matched);
        var position = Sequence.Position(change.Sequence);
        foreach (var subscription in matched)
        {
            if (roster.WatchOf(subscription, now) is not { } watch)
            {
                continue; // another node's
            }
            var (pair, newest) = (change.After, position);
            if (position <= watch.BoardReadTo)
            {
                if (!state.Board.TryRead(change.Tenant, change.PersonId, out var view))
                {
                    continue;
                }
                (pair, newest) = (PairNumbers.Pair(view.Entry.Pair), Sequence.Position(view.Entry.Sequence));
                watch.BoardReadTo = Math.Max(watch.BoardReadTo, newest);
            }
            lanes.Offer(
                watch,
                new Notice(watch, NoticeKind.Presence, change.PersonId, pair, position, newest, watch.NextTicket),
                now
            );
        }
    }
}
