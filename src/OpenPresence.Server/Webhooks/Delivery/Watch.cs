using OpenPresence.Engine;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>Where a subscription stands in being delivered.</summary>
internal enum WatchState : byte
{
    /// <summary>Everything after its position waits in its receiver's queue, or was delivered.</summary>
    Following,

    /// <summary>Something was not queued; the board has to be asked for what changed since its position.</summary>
    Behind,

    /// <summary>The board is being asked.</summary>
    Resyncing,
}

/// <summary>
/// A subscription as delivery sees it: how far it has got, and where it goes on when something could not be held
/// in memory. Of the dispatcher's thread alone, but for what a POST under way reads.
/// </summary>
internal sealed class Watch(Subscription subscription, Receiver receiver, Receiver? lifecycle)
{
    private Subscription subscription = subscription;
    private PresenceCipher? cipher = PresenceCipher.Of(subscription);

    /// <summary>As the journal has it now.</summary>
    public Subscription Subscription
    {
        get => Volatile.Read(ref subscription);
        set
        {
            if (Cipher?.IsFor(value) != true)
            {
                Volatile.Write(ref cipher, PresenceCipher.Of(value));
            }
            Volatile.Write(ref subscription, value);
        }
    }

    /// <summary>Who delivers it is decided for all of its partition.</summary>
    public int Partition { get; } = Partitions.Of(subscription.Id);

    /// <summary>Where its notifications go.</summary>
    public Receiver Receiver { get; } = receiver;

    /// <summary>Where those of its life go; null: there are none.</summary>
    public Receiver? Lifecycle { get; } = lifecycle;

    /// <summary>For its certificate, which a subscriber may replace; null: notifications carry no presence.</summary>
    public PresenceCipher? Cipher => Volatile.Read(ref cipher);

    /// <summary>It is no more, or another watch took its place: what waits for it is void.</summary>
    public bool HasEnded { get; set; }

    /// <summary>
    /// It is being handed over: nothing more is sent for it; answers that are under way still count. Changes up to
    /// <see cref="LeftAt"/> were offered to it.
    /// </summary>
    public bool IsLeaving { get; private set; }

    /// <summary>How far the feed was read when it began to be handed over.</summary>
    public long LeftAt { get; private set; } = long.MaxValue;

    public WatchState State { get; set; }

    /// <summary>Whether it waits among those of its receiver that are to be resynchronised.</summary>
    public bool IsListed { get; set; }

    /// <summary>Every change up to this position was delivered.</summary>
    public long DeliveredTo { get; set; } = subscription.DeliveredTo;

    /// <summary>Changes up to this position are no concern of the feed's any more.</summary>
    public long SkipTo { get; set; } = subscription.DeliveredTo;

    /// <summary>What was taken from the board is so new; a change of the feed that is not must not follow it.</summary>
    public long BoardReadTo { get; set; }

    /// <summary>Notices of presence that wait or are under way.</summary>
    public int Pending { get; set; }

    /// <summary>The newest position that the receiver took.</summary>
    public long Newest { get; set; }

    /// <summary>The number of the next notice.</summary>
    public long NextTicket { get; set; }

    /// <summary>The last notice of a resynchronisation that is not yet taken by the receiver; -1: none is.</summary>
    public long ResyncTicket { get; set; } = -1;

    /// <summary>The board's position when the resynchronisation began.</summary>
    public long ResyncStart { get; set; }

    /// <summary>From where it began.</summary>
    public long ResyncFrom { get; set; }

    /// <summary>How far it has got: the next row, or the next of its people.</summary>
    public int ResyncRow { get; set; }

    /// <summary>Something could not be queued meanwhile: it has to begin again.</summary>
    public bool HasGap { get; set; }

    /// <summary>States in between were put away; its lifecycle receiver has not been told yet.</summary>
    public bool HasMissed { get; set; }

    /// <summary>When that was told last.</summary>
    public Instant MissedToldAt { get; set; }

    /// <summary>Counts its reminders, so that one that was planned before a renewal is void.</summary>
    public int ReminderVersion { get; set; }

    /// <summary>Begins to hand it over to another node.</summary>
    public void Leave(long readTo) => (IsLeaving, LeftAt) = (true, readTo);

    /// <summary>Whether its creator's token still allows delivery, and the permission was not withdrawn.</summary>
    public bool IsAuthorized(Instant now) => now < Subscription.AuthorizedUntil;
}
