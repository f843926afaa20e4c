namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// The numbers of delivery: Graph's, from its page on delivery through webhooks, and ours. Those that bound memory
/// hold for a node.
/// </summary>
public static class DeliveryLimits
{
    // Graph's. Source: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks (D)

    /// <summary>A later answer counts as slow.</summary>
    public static readonly TimeSpan AnswerInTime = TimeSpan.FromSeconds(3);

    /// <summary>A receiver that has not answered by then has not got it.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What is judged of a receiver: its answers of so long.</summary>
    public static readonly TimeSpan HealthWindow = TimeSpan.FromMinutes(10);

    /// <summary>More slow answers than this, in percent, delay what comes then.</summary>
    public const int SlowPercentMax = 10;

    /// <summary>More missing answers than this, in percent, drop what comes then.</summary>
    public const int DropPercentMax = 15;

    /// <summary>For how long it is delayed.</summary>
    public static readonly TimeSpan SlowPause = TimeSpan.FromMinutes(10);

    /// <summary>For how long it is dropped.</summary>
    public static readonly TimeSpan DropPause = TimeSpan.FromMinutes(10);

    /// <summary>For how long one notification is tried.</summary>
    public static readonly TimeSpan RetryFor = TimeSpan.FromHours(4);

    // Ours.

    /// <summary>Fewer answers say nothing of a receiver; Graph states no number.</summary>
    public const int AnswersJudgedMin = 10;

    /// <summary>Before the second attempt; doubles with each.</summary>
    public static readonly TimeSpan RetryDelayFirst = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two attempts.</summary>
    public static readonly TimeSpan RetryDelayMax = TimeSpan.FromMinutes(5);

    /// <summary>Notifications in one POST; with presence in them, some 150 KB.</summary>
    public const int NotificationsPerPostMax = 100;

    /// <summary>Notifications that wait for one receiver.</summary>
    public const int NoticesPerReceiverMax = 1024;

    /// <summary>With more, only the newest state of a person is kept for a subscription.</summary>
    public const int CoalesceFrom = 128;

    /// <summary>Notifications that wait for all receivers together: about 30 MB.</summary>
    public const int NoticesMax = 200_000;

    /// <summary>So many wait for each receiver whatever the others have.</summary>
    public const int NoticesOfEachMin = 32;

    /// <summary>POSTs at once to receivers whose last one failed or was slow; the others never wait for these.</summary>
    public const int SuspectPostsMax = 1024;

    /// <summary>People who are looked at before the next receiver's turn, by one that resynchronises.</summary>
    public const int PeoplePerTurnMax = 4096;

    /// <summary>Changes that are matched before something else gets its turn.</summary>
    public const int ChangesPerTurnMax = 512;

    /// <summary>How often delivered positions go to the journal, if there are new ones.</summary>
    public static readonly TimeSpan PositionsEvery = TimeSpan.FromSeconds(5);

    /// <summary>With so many new ones, they go at once.</summary>
    public const int PositionsWaitingMax = 4096;

    /// <summary>The least time between two <c>missed</c> of a subscription.</summary>
    public static readonly TimeSpan MissedEvery = TimeSpan.FromMinutes(1);

    /// <summary>
    /// While something waits for its time, the clock is looked at so often: in development it can be moved.
    /// </summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long another node waits for a partition until answers that are under way have come; what is not known by then to
    /// have been delivered is told again.
    /// </summary>
    public static readonly TimeSpan HandOverGrace = TimeSpan.FromSeconds(2);

    /// <summary>Between two attempts to catch up with the journal before a partition is delivered.</summary>
    public static readonly TimeSpan CatchUpEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for answers that are under way.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(3);

    /// <summary>Deliveries that are remembered for people to look at, of all subscriptions together.</summary>
    public const int DeliveriesKept = 16_384;

    /// <summary>People whom a remembered delivery names.</summary>
    public const int PeopleKeptPerDelivery = 8;
}
