using OpenPresence.Engine;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>How a subscription is doing, as people want to look at it.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Waiting">Notifications of presence that wait or are under way.</param>
/// <param name="IsBehind">Something was not queued: whoever changed will be told of as they are then.</param>
/// <param name="Failures">Attempts that failed since the last one that did not.</param>
/// <param name="NextAttemptAt">What waits is not sent earlier, by the node's clock; null: nothing holds it back.</param>
public sealed record DeliveryStanding(
    Subscription Subscription,
    int Waiting,
    bool IsBehind,
    int Failures,
    Instant? NextAttemptAt
)
{
    internal static DeliveryStanding Of(Watch watch, Instant now) =>
        new(
            watch.Subscription,
            watch.Pending,
            watch.State != WatchState.Following,
            watch.Receiver.Failures,
            watch.Receiver.HasWork && watch.Receiver.NotBefore > now ? watch.Receiver.NotBefore : null
        );
}
